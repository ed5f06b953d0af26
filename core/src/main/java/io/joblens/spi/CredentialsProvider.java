package io.joblens.spi;

import io.joblens.CredentialsException;
import java.util.List;
import java.util.Map;

/** Supplies the credentials of one identity at a vendor. */
public interface CredentialsProvider {

  /** Returns a label for the identity: the user's word for it, or a fingerprint of the key id. */
  String account();

  /**
   * Returns how to get credentials. Core asks when it has none, when those it has expire, and once
   * more when the vendor calls them expired.
   *
   * @throws io.joblens.CredentialsException when there are none, saying where it looked
   */
  Step<Credentials> resolve();

  /** Returns a provider of these fixed credentials. */
  static CredentialsProvider of(Credentials credentials) {
    String account = fingerprint(credentials);
    return new CredentialsProvider() {
      @Override
      public String account() {
        return account;
      }

      @Override
      public Step<Credentials> resolve() {
        return Step.done(credentials);
      }

      @Override
      public String toString() {
        return "explicit credentials of " + account;
      }
    };
  }

  /**
   * Returns a provider that reads an access key from environment variables when it is asked.
   *
   * @param environment the variables
   * @param idVariable the variable with the access key id
   * @param secretVariable the variable with the secret
   * @param tokenVariables the variables that may hold a session token, the first that is set counts
   */
  static CredentialsProvider fromEnvironment(
      Map<String, String> environment,
      String idVariable,
      String secretVariable,
      List<String> tokenVariables) {
    return new CredentialsProvider() {
      @Override
      public String account() {
        return "default";
      }

      @Override
      public Step<Credentials> resolve() {
        String id = environment.getOrDefault(idVariable, "");
        String secret = environment.getOrDefault(secretVariable, "");
        if (id.isEmpty() || secret.isEmpty()) {
          throw new CredentialsException(
              "no credentials: the environment variables "
                  + idVariable
                  + " and "
                  + secretVariable
                  + " are not both set; set them, or give credentials explicitly");
        }
        try {
          return Step.done(
              tokenVariables.stream()
                  .map(name -> environment.getOrDefault(name, ""))
                  .filter(token -> !token.isEmpty())
                  .findFirst()
                  .map(token -> Credentials.temporary(id, secret, token, null))
                  .orElseGet(() -> Credentials.accessKey(id, secret)));
        } catch (IllegalArgumentException e) {
          throw new CredentialsException(
              "bad credentials in the environment variables of "
                  + idVariable
                  + ": "
                  + e.getMessage(),
              e);
        }
      }

      @Override
      public String toString() {
        return "environment variable " + idVariable;
      }
    };
  }

  private static String fingerprint(Credentials credentials) {
    if (!(credentials instanceof Credentials.AccessKey key)) {
      return "default";
    }
    return "key-" + Sha256.hex(key.id()).substring(0, 8);
  }
}

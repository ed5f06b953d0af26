package io.joblens.spi;

import io.joblens.CredentialsException;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** Supplies the credentials of one identity at a vendor. */
public interface CredentialsProvider {

  /** Returns a label for the identity: the user's word for it, or a fingerprint of the key id. */
  String account();

  /**
   * Returns how to get credentials. Core asks when it has none, shortly before those it has expire,
   * and once more when the vendor calls them expired; never twice at a time. It asks on a thread of
   * its own, so that this may read files or wait for a vendor's library; callers wait for it no
   * longer than their own limit.
   *
   * @throws io.joblens.CredentialsException when there are none, saying where it looked
   */
  Step<Credentials> resolve();

  /** Returns the credentials if they are always the same and at hand: then nothing is resolved. */
  default Optional<Credentials> fixed() {
    return Optional.empty();
  }

  /** Returns the same provider, whose credentials tell besides where the user keeps them. */
  default CredentialsProvider from(String source) {
    CredentialsProvider inner = this;
    return new CredentialsProvider() {
      @Override
      public String account() {
        return inner.account();
      }

      @Override
      public Optional<Credentials> fixed() {
        return inner.fixed().map(this::located);
      }

      @Override
      public Step<Credentials> resolve() {
        return inner.resolve().map(this::located);
      }

      private Credentials located(Credentials found) {
        return found.from(found.source().map(known -> known + ", " + source).orElse(source));
      }

      @Override
      public String toString() {
        return inner.toString();
      }
    };
  }

  /** Returns a provider of these fixed credentials. */
  static CredentialsProvider of(Credentials credentials) {
    String account = fingerprint(credentials);
    return new CredentialsProvider() {
      @Override
      public String account() {
        return account;
      }

      @Override
      public Optional<Credentials> fixed() {
        return Optional.of(credentials);
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
   * Returns a provider that looks in these places, one after the other, each time it is asked. When
   * all are empty the error says of each why.
   *
   * @param account a label for whatever identity is found
   */
  static CredentialsProvider firstOf(String account, List<CredentialsSource> sources) {
    List<CredentialsSource> places = List.copyOf(sources);
    return new CredentialsProvider() {
      @Override
      public String account() {
        return account;
      }

      @Override
      public Step<Credentials> resolve() {
        StringJoiner reasons = new StringJoiner(";\n  ", "\n  ", "");
        for (CredentialsSource place : places) {
          CredentialsSource.Answer answer = place.look();
          if (answer instanceof CredentialsSource.Found found) {
            return Step.done(found.credentials());
          }
          reasons.add(((CredentialsSource.Missing) answer).reason());
        }
        throw new CredentialsException(
            "no credentials; give some explicitly, or set up one of these places:" + reasons);
      }

      @Override
      public String toString() {
        return "the vendor's usual places of " + account;
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

package io.joblens.spi;

import io.joblens.CredentialsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One place where a user may keep credentials; a vendor has an order of such places. */
@FunctionalInterface
public interface CredentialsSource {

  /** What was found at the place. */
  sealed interface Answer {}

  /** There are credentials. */
  record Found(Credentials credentials) implements Answer {}

  /** There are none, so the next place counts; the reason names the place, never a value. */
  record Missing(String reason) implements Answer {}

  /**
   * Looks, each time anew: a file may have changed.
   *
   * @throws CredentialsException when something is there that cannot be used: to go on as if it
   *     were not would end in another identity than the user thinks
   */
  Answer look();

  /**
   * Returns the access key of a place that keeps its parts under names.
   *
   * @param place the place, as messages name it
   * @param values looks up a part; blank counts as absent
   * @param tokenNames what may hold a session token; the first that is there counts
   */
  static Answer accessKey(
      String place,
      Function<String, Optional<String>> values,
      String idName,
      String secretName,
      List<String> tokenNames) {
    Optional<String> id = values.apply(idName);
    Optional<String> secret = values.apply(secretName);
    if (id.isEmpty() || secret.isEmpty()) {
      return new Missing(place + ": " + missing(id, idName, secret, secretName));
    }
    Optional<String> token = tokenNames.stream().map(values).flatMap(Optional::stream).findFirst();
    try {
      Credentials key =
          token.isPresent()
              ? Credentials.temporary(id.get(), secret.get(), token.get(), null)
              : Credentials.accessKey(id.get(), secret.get());
      return new Found(key.from(place));
    } catch (IllegalArgumentException e) {
      throw new CredentialsException(place + ": " + e.getMessage());
    }
  }

  /** Returns the place that environment variables are. */
  static CredentialsSource variables(
      Environment environment, String idName, String secretName, List<String> tokenNames) {
    String place = "environment variables";
    return () -> {
      Answer answer = accessKey(place, environment::variable, idName, secretName, tokenNames);
      if (!(answer instanceof Found found)) {
        return answer; // which names what is missing
      }
      List<String> used = new ArrayList<>(List.of(idName, secretName));
      tokenNames.stream()
          .filter(name -> environment.variable(name).isPresent())
          .findFirst()
          .ifPresent(used::add);
      return new Found(found.credentials().from(place + " " + String.join(", ", used)));
    };
  }

  /**
   * Returns the place that a file is.
   *
   * @param variable the environment variable that names a file in place of the usual one, if the
   *     vendor's tools know one
   * @param usual the usual file, below the home directory
   * @param reader looks into the file
   */
  static CredentialsSource file(
      Environment environment,
      @Nullable String variable,
      String usual,
      Function<CredentialsFile, Answer> reader) {
    return () ->
        CredentialsFile.find(environment, variable, usual)
            .map(reader)
            .orElseGet(
                () -> {
                  Optional<String> given = environment.variable(String.valueOf(variable));
                  return new Missing(
                      given.map(path -> path + " of " + variable).orElse("~/" + usual)
                          + ": there is no such file");
                });
  }

  private static String missing(
      Optional<String> id, String idName, Optional<String> secret, String secretName) {
    if (id.isEmpty() && secret.isEmpty()) {
      return "neither " + idName + " nor " + secretName + " is set";
    }
    return id.isEmpty()
        ? secretName + " is set, but " + idName + " is not"
        : idName + " is set, but " + secretName + " is not";
  }

  /** Returns the answer, where nothing there would be a mistake of its own. */
  static Answer required(Answer answer) {
    if (answer instanceof Missing missing) {
      throw new CredentialsException(missing.reason());
    }
    return answer;
  }
}

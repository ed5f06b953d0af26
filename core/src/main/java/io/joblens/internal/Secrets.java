package io.joblens.internal;

import io.joblens.spi.Credentials;
import io.joblens.spi.SecretEcho;
import io.joblens.spi.ServiceError;
import io.joblens.spi.WireRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Takes the secrets of a request out of what the vendor says about it: some repeat headers. */
final class Secrets {
  /** What is shorter is no vendor's secret, and could be a word of the message. */
  private static final int SHORTEST = 16;

  private Secrets() {}

  /**
   * @param sent the request with its signature, by which it can be sent again
   */
  static ServiceError removed(ServiceError error, Credentials used, WireRequest sent) {
    List<String> secrets = of(used);
    // the signature ends the header in every scheme that makes one
    sent.header("authorization")
        .map(value -> value.substring(value.lastIndexOf('=') + 1))
        .filter(signature -> signature.length() >= SHORTEST)
        .ifPresent(secrets::add);
    UnaryOperator<String> without = text -> SecretEcho.masked(text, secrets);
    return error.toBuilder()
        .code(error.code().map(without).orElse(null))
        .message(error.message().map(without).orElse(null))
        .requestId(error.requestId().map(without).orElse(null))
        .hint(error.hint().map(without).orElse(null))
        .build();
  }

  static String removed(String text, Credentials used) {
    return SecretEcho.masked(text, of(used));
  }

  private static List<String> of(Credentials used) {
    List<String> secrets = new ArrayList<>();
    if (used instanceof Credentials.AccessKey key) {
      secrets.add(key.secret());
      key.token().ifPresent(secrets::add);
    } else if (used instanceof Credentials.Token token) {
      secrets.add(token.value());
    }
    secrets.removeIf(secret -> secret.length() < SHORTEST);
    return secrets;
  }
}

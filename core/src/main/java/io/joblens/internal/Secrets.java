package io.joblens.internal;

import io.joblens.spi.Credentials;
import io.joblens.spi.SecretEcho;
import io.joblens.spi.ServiceError;
import java.util.ArrayList;
import java.util.List;

/** Takes the secrets of a request out of what the vendor says about it: some repeat headers. */
final class Secrets {
  /** What is shorter is no vendor's secret, and could be a word of the message. */
  private static final int SHORTEST = 16;

  private Secrets() {}

  static ServiceError removed(ServiceError error, Credentials used) {
    return error.toBuilder()
        .code(error.code().map(text -> removed(text, used)).orElse(null))
        .message(error.message().map(text -> removed(text, used)).orElse(null))
        .requestId(error.requestId().map(text -> removed(text, used)).orElse(null))
        .hint(error.hint().map(text -> removed(text, used)).orElse(null))
        .build();
  }

  static String removed(String text, Credentials used) {
    List<String> secrets = new ArrayList<>();
    if (used instanceof Credentials.AccessKey key) {
      secrets.add(key.secret());
      key.token().ifPresent(secrets::add);
    } else if (used instanceof Credentials.Token token) {
      secrets.add(token.value());
    }
    secrets.removeIf(secret -> secret.length() < SHORTEST);
    return SecretEcho.masked(text, secrets);
  }
}

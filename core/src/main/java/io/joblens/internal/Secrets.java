package io.joblens.internal;

import io.joblens.spi.Credentials;
import io.joblens.spi.Masking;
import io.joblens.spi.ServiceError;

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
    String cleaned = text;
    if (used instanceof Credentials.AccessKey key) {
      cleaned = masked(cleaned, key.secret());
      if (key.token().isPresent()) {
        cleaned = masked(cleaned, key.token().get());
      }
    } else if (used instanceof Credentials.Token token) {
      cleaned = masked(cleaned, token.value());
    }
    return cleaned;
  }

  /** Finds the secret by its beginning: a long message is cut, perhaps within the secret. */
  private static String masked(String text, String secret) {
    if (secret.length() < SHORTEST) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    int at = text.indexOf(secret.substring(0, SHORTEST));
    while (at >= 0) {
      out.append(text, from, at).append(Masking.MASK);
      from = at;
      for (int i = 0;
          i < secret.length() && from < text.length() && text.charAt(from) == secret.charAt(i);
          i++) {
        from++;
      }
      at = text.indexOf(secret.substring(0, SHORTEST), from);
    }
    return out.append(text, from, text.length()).toString();
  }
}

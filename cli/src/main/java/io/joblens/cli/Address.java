package io.joblens.cli;

import io.joblens.spi.Percent;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a user writes to name a run or a job: {@code [CLOUD@]REF} or {@code [CLOUD@]ID}.
 *
 * @param text all of it
 * @param cloud the cloud, where one is named
 * @param rest the reference or the ids
 */
record Address(String text, Optional<String> cloud, String rest) {
  private static final Pattern REFERENCE = Pattern.compile("[a-z][a-z0-9-]*:[^:/]*:.+");

  /** Takes it apart; throws {@link UsageException} when a part is missing. */
  static Address parse(String text) {
    int at = text.indexOf('@');
    if (text.isBlank() || at == 0 || at == text.length() - 1) {
      throw new UsageException(
          "'" + Cells.clean(text) + "' names nothing; expected [CLOUD@]REF or [CLOUD@]ID");
    }
    return at < 0
        ? new Address(text, Optional.empty(), text)
        : new Address(text, Optional.of(text.substring(0, at)), text.substring(at + 1));
  }

  /** Tells whether it is a full reference, {@code provider:region:id}. */
  boolean isReference() {
    return REFERENCE.matcher(rest).matches();
  }

  /** Returns the ids that are not a full reference, encoded as in one. */
  List<String> ids() {
    try {
      return Stream.of(rest.split("/", -1)).map(Percent::decode).toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException(this + ": " + e.getMessage());
    }
  }

  /** Returns the ids as text that {@link #ids()} takes apart again. */
  static String join(List<String> ids) {
    return ids.stream().map(Address::encode).collect(Collectors.joining("/"));
  }

  /** People read it: only what would be taken for something else is encoded. */
  private static String encode(String id) {
    boolean plain = id.codePoints().noneMatch(c -> c <= ' ' || "/%@:'\"\\$`".indexOf(c) >= 0);
    return plain ? id : Percent.encode(id);
  }

  @Override
  public String toString() {
    return Cells.clean(text);
  }
}

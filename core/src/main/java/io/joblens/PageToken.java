package io.joblens;

/**
 * Where a listing goes on. Opaque text that also works in another process, with the same query on
 * the same cloud; it holds ids and no secret.
 *
 * @param value the text
 */
public record PageToken(String value) {
  @Override
  public String toString() {
    return value;
  }
}

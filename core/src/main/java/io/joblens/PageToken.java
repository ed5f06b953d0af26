package io.joblens;

/**
 * Where a listing goes on. Opaque text that also works in another process, with the same query on
 * the same cloud; it holds ids and no secret. It remembers the latest 256 runs, so that it can be
 * resumed in a list that has changed: what that cannot settle is said in {@link JobPage#drift}. It
 * has up to 4,000 characters, and up to 7,000 where several states of one job are listed apart.
 *
 * @param value the text
 */
public record PageToken(String value) {
  @Override
  public String toString() {
    return value;
  }
}

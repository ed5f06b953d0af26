package io.joblens.testkit;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task, an instance or a target of a {@link FakeRun}, as it is at the run's end. Immutable.
 *
 * @param name its name: {@code task/0} for the first instance of a task, or a server's name
 * @param word the vendor's word for its state
 * @param exitCode its exit code, if it has one
 * @param reason what the vendor says of its state; empty when nothing
 * @param log what it wrote; empty when nothing is kept
 * @param fields the vendor's other fields, by the vendor's names
 */
public record FakeTask(
    String name,
    String word,
    @Nullable Integer exitCode,
    String reason,
    String log,
    Map<String, @Nullable Object> fields) {

  /** Copies the fields. */
  public FakeTask {
    requireNonNull(name, "name");
    requireNonNull(word, "word");
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Makes a task that has nothing but a state. */
  public FakeTask(String name, String word) {
    this(name, word, null, "", "", Map.of());
  }

  /** Returns the same task with this exit code. */
  public FakeTask exitCode(int value) {
    return new FakeTask(name, word, value, reason, log, fields);
  }

  /** Returns the same task, of which the vendor says this. */
  public FakeTask reason(String value) {
    return new FakeTask(name, word, exitCode, value, log, fields);
  }

  /** Returns the same task, which wrote this. */
  public FakeTask log(String value) {
    return new FakeTask(name, word, exitCode, reason, value, fields);
  }

  /** Returns the same task with a field by the vendor's name. */
  public FakeTask field(String key, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(fields);
    more.put(key, value);
    return new FakeTask(name, word, exitCode, reason, log, more);
  }
}

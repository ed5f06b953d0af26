package io.joblens.spi;

import io.joblens.Finality;
import io.joblens.JobState;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A provider's table of the vendor's state words, in life-cycle order. Immutable. */
public final class StateTable {
  /**
   * What a vendor's word means.
   *
   * @param state the neutral state
   * @param finality whether the word ends a run
   */
  public record Meaning(JobState state, Finality finality) {}

  private static final Meaning UNKNOWN = new Meaning(JobState.UNKNOWN, Finality.OPEN);

  private final Map<String, Meaning> rows;

  private StateTable(Map<String, Meaning> rows) {
    this.rows = Collections.unmodifiableMap(new LinkedHashMap<>(rows));
  }

  /** Starts a table. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns what the word means; an unknown or absent word is UNKNOWN and not finished. */
  public Meaning of(@Nullable String word) {
    return word == null ? UNKNOWN : rows.getOrDefault(word, UNKNOWN);
  }

  /** Returns the rows, in life-cycle order. */
  public Map<String, Meaning> rows() {
    return rows;
  }

  /** Returns the words for any of the states, in life-cycle order. */
  public List<String> words(Set<JobState> states) {
    return rows.entrySet().stream()
        .filter(row -> states.contains(row.getValue().state()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the states that the vendor can report, UNKNOWN included. */
  public Set<JobState> states() {
    EnumSet<JobState> states = EnumSet.of(JobState.UNKNOWN);
    rows.values().forEach(meaning -> states.add(meaning.state()));
    return states;
  }

  /** Builds a {@link StateTable}. */
  public static final class Builder {
    private final Map<String, Meaning> rows = new LinkedHashMap<>();

    private Builder() {}

    /** Adds a word that does not end a run. */
    public Builder open(String word, JobState state) {
      return add(word, state, Finality.OPEN);
    }

    /** Adds a word that ends a run only with an end time or once it stood for a while. */
    public Builder unsettled(String word, JobState state) {
      return add(word, state, Finality.UNSETTLED);
    }

    /** Adds a word that ends a run. */
    public Builder finished(String word, JobState state) {
      return add(word, state, Finality.FINISHED);
    }

    private Builder add(String word, JobState state, Finality finality) {
      if (rows.put(word, new Meaning(state, finality)) != null) {
        throw new IllegalStateException("state word " + word + " stands twice");
      }
      return this;
    }

    /** Returns the table. */
    public StateTable build() {
      return new StateTable(rows);
    }
  }
}

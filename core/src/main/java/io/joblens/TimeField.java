package io.joblens;

/** Which time of a run {@code since} and {@code until} of a query are about. */
public enum TimeField {
  /** When it was created, else when it was due, else when it started. */
  CREATED,
  /** When it finished. */
  FINISHED
}

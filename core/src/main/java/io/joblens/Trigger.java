package io.joblens;

/** What caused a run, as far as the vendor says. */
public enum Trigger {
  /** A schedule. */
  SCHEDULE,
  /** A call of the vendor's API or a manual start through it. */
  API,
  /** A person ran it again. */
  MANUAL_RETRY,
  /** The vendor ran it again after a failure. */
  SYSTEM_RETRY,
  /** A run for past data. */
  BACKFILL,
  /** The vendor does not say, or says something this version does not know. */
  UNKNOWN
}

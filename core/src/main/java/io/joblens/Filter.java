package io.joblens;

/** A condition of a query that a vendor answers, that core applies, or that nobody can. */
public enum Filter {
  /** The job that runs are of. */
  JOB,
  /** The runs' own ids. */
  RUN_ID,
  /** The neutral state. */
  STATE,
  /** The name, as a glob. */
  NAME,
  /** Tags. */
  TAG,
  /** The time a run was created, else scheduled, else started. */
  CREATED,
  /** The time a run finished. */
  FINISHED,
  /** Whether somebody should look at the run; always applied by core. */
  PROBLEM
}

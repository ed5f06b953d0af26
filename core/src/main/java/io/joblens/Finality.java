package io.joblens;

/** How final a vendor's word for a run's state is. */
public enum Finality {
  /** The run goes on. */
  OPEN,
  /**
   * The word usually ends a run, but the vendor itself does not count it as the end: it is the end
   * once an end time is there, or once it stood unchanged over two looks at least 60 s apart.
   */
  UNSETTLED,
  /** The run has ended. A vendor may still start it again later. */
  FINISHED
}

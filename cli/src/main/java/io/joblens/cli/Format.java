package io.joblens.cli;

/** How data is printed. */
enum Format {
  /** For people. */
  TABLE,
  /** One document. */
  JSON,
  /** One row a line, as rows arrive. */
  NDJSON,
  /** Fixed columns, as rows arrive. */
  CSV;

  /** Tells whether programs also read what is on standard error. */
  boolean isJson() {
    return this == JSON || this == NDJSON;
  }
}

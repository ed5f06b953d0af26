package io.joblens.testkit;

/**
 * What a fake cloud found out about a request's signature, in words common to all vendors. Each
 * cloud answers with its vendor's documented error.
 *
 * @param outcome what was found
 * @param detail the part or header it is about, or the server's own canonical request or string to
 *     sign, which vendors echo; never a secret
 */
public record Verdict(Outcome outcome, String detail) {

  /** What can be found. */
  public enum Outcome {
    /** The request is what its sender signed. */
    ACCEPTED,
    /** A header or parameter that the scheme needs is absent. */
    MISSING,
    /** A header or parameter has a form that the scheme does not know. */
    MALFORMED,
    /** Nobody has this access key id or token. */
    UNKNOWN_KEY,
    /** The session token is not the one that belongs to the key, or is absent. */
    WRONG_TOKEN,
    /** The session token has expired. */
    EXPIRED_TOKEN,
    /** The hash that was sent is not the body's. */
    WRONG_BODY_HASH,
    /** The signature is not that of the request. */
    WRONG_SIGNATURE,
    /** The date is too far from the server's. */
    OUTSIDE_DATE_WINDOW,
    /** The nonce was used before. */
    REPLAYED_NONCE
  }

  /** The request is what its sender signed. */
  public static final Verdict ACCEPTED = new Verdict(Outcome.ACCEPTED, "");

  /** Returns a refusal. */
  public static Verdict refused(Outcome outcome, String detail) {
    return new Verdict(outcome, detail);
  }

  /** Tells whether the request is what its sender signed. */
  public boolean isAccepted() {
    return outcome == Outcome.ACCEPTED;
  }
}

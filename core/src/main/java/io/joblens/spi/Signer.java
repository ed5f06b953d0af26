package io.joblens.spi;

import java.time.Instant;
import java.util.Optional;

/** Signs a request. Pure: no clock, locale, environment or state. */
@FunctionalInterface
public interface Signer {

  /**
   * Returns the request with everything the scheme adds.
   *
   * @param now the date of the signature
   * @param nonce 32 hex digits, new for each attempt; schemes without a nonce ignore it
   * @throws io.joblens.CredentialsException when the scheme cannot use this kind of credentials
   */
  WireRequest sign(WireRequest request, Credentials credentials, Instant now, String nonce);

  /**
   * Returns what was signed, free of secrets and tokens and on one line, to be compared with what
   * the vendor says it took for it; empty when the error is no mismatch of signatures.
   *
   * @param signed the request as it went out
   */
  default Optional<String> explain(WireRequest signed, ServiceError error) {
    return Optional.empty();
  }
}

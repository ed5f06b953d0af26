package io.joblens.spi;

import java.time.Instant;

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
}

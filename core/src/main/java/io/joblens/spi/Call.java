package io.joblens.spi;

/**
 * One API request that a provider wants.
 *
 * @param action the vendor's name of the operation, used in messages
 * @param quota what the vendor limits this request by
 * @param repeatable whether sending it twice does no harm; only such calls are tried again
 * @param signed whether it is signed with the cloud's credentials
 * @param request the request, not signed yet
 */
public record Call(
    String action, Quota quota, boolean repeatable, boolean signed, WireRequest request) {

  /** Returns a call that reads: repeatable and signed. */
  public static Call read(String action, Quota quota, WireRequest request) {
    return new Call(action, quota, true, true, request);
  }
}

package io.joblens;

/**
 * The vendor's answer to a {@link RawRequest}.
 *
 * @param httpStatus the HTTP status, 2xx: everything else is an exception
 * @param body the answer, secrets masked unless {@link RawJson#unmasked()} is asked for
 */
public record RawResponse(int httpStatus, RawJson body) {}

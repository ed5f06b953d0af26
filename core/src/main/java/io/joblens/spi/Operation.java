package io.joblens.spi;

/**
 * An operation of the vendor that a provider calls, for documentation.
 *
 * @param action the vendor's name of it
 * @param use what it is called for
 * @param permission what the identity must be allowed to do, in the vendor's words
 * @param limit how often it may be called, in the vendor's words
 */
public record Operation(String action, String use, String permission, String limit) {}

/**
 * What a provider implements. A provider is pure: it contains no clock, thread or I/O. It describes
 * what it wants as a {@link io.joblens.spi.Step}; the shell in core does everything that takes
 * time.
 */
@NullMarked
package io.joblens.spi;

import org.jspecify.annotations.NullMarked;

/** The {@code joblens} command. */
@NullMarked
package io.joblens.cli;

import org.jspecify.annotations.NullMarked;

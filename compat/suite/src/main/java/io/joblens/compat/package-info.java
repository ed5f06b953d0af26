/** What a row of the compat profile has besides the suite: a look at its own class path. */
@NullMarked
package io.joblens.compat;

import org.jspecify.annotations.NullMarked;

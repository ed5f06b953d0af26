/** Runs all of JobLens against servers that misbehave in one way each. */
@NullMarked
package io.joblens.reliability;

import org.jspecify.annotations.NullMarked;

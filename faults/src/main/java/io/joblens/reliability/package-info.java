/** Servers that misbehave in one way each, and how calls to them must end. */
@NullMarked
package io.joblens.reliability;

import org.jspecify.annotations.NullMarked;

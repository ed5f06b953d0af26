/** One small main for each snippet of the README. */
@NullMarked
package io.joblens.examples;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.joblens.testkit;

import org.jspecify.annotations.NullMarked;

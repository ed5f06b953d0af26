@NullMarked
package io.joblens.vendor;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.joblens.alibaba;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.joblens.tencent;

import org.jspecify.annotations.NullMarked;

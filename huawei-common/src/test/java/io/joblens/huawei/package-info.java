@NullMarked
package io.joblens.huawei;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.joblens.alibaba.sae;

import org.jspecify.annotations.NullMarked;

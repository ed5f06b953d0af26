/** The shell: calls, quota, paging, waiting and configuration. Not exported. */
@NullMarked
package io.joblens.internal;

import org.jspecify.annotations.NullMarked;

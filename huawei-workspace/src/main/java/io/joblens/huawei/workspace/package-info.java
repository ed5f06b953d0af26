/** Huawei Cloud Workspace: runs of scheduled tasks of its cloud applications. */
@NullMarked
package io.joblens.huawei.workspace;

import org.jspecify.annotations.NullMarked;

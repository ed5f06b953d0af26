/** Job runs of Tencent Cloud Batch; begin at {@link io.joblens.tencent.batch.TencentBatch}. */
@NullMarked
package io.joblens.tencent.batch;

import org.jspecify.annotations.NullMarked;

/** Job runs of Alibaba Cloud SchedulerX 2.0 (API version 2019-04-30). */
@NullMarked
package io.joblens.alibaba.schedulerx;

import org.jspecify.annotations.NullMarked;

/** Job runs of Alibaba Cloud Serverless App Engine (SAE). */
@NullMarked
package io.joblens.alibaba.sae;

import org.jspecify.annotations.NullMarked;

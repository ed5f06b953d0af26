/** What belongs to Huawei Cloud as a whole: the SDK-HMAC signer, credentials and IAM. */
@NullMarked
package io.joblens.huawei;

import org.jspecify.annotations.NullMarked;

/** What the Alibaba Cloud providers share: the ACS3 signer, credentials and gateway errors. */
@NullMarked
package io.joblens.alibaba;

import org.jspecify.annotations.NullMarked;

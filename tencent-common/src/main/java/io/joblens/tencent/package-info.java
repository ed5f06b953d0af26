/** What belongs to Tencent Cloud as a whole: the TC3 signer, credentials and errors. */
@NullMarked
package io.joblens.tencent;

import org.jspecify.annotations.NullMarked;

/** What belongs to Tencent Cloud as a whole: the TC3 signer and credentials. */
@NullMarked
package io.joblens.tencent;

import org.jspecify.annotations.NullMarked;

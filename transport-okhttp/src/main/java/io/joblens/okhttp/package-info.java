/** The default transport, on OkHttp. Uses only what OkHttp 4.12 and 5 have in common. */
@NullMarked
package io.joblens.okhttp;

import org.jspecify.annotations.NullMarked;

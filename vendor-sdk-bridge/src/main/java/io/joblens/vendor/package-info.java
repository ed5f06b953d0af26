/**
 * Credentials that the vendors' own libraries get: from instance roles, OIDC, or by assuming a
 * role. The libraries are optional: add the one whose provider you wrap.
 */
@NullMarked
package io.joblens.vendor;

import org.jspecify.annotations.NullMarked;

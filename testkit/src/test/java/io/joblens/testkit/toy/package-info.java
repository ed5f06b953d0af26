/** The smallest provider that keeps the contract; docs/adding-a-provider.md walks through it. */
@NullMarked
package io.joblens.testkit.toy;

import org.jspecify.annotations.NullMarked;

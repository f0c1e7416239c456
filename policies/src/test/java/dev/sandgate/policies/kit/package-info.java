/** What the tests of policies share: a request that says what a test wants it to say. */
@NullMarked
package dev.sandgate.policies.kit;

import org.jspecify.annotations.NullMarked;

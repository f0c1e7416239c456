/** What policies, breakers, fallbacks and retries do, through the real door. */
@NullMarked
package dev.sandgate.proxy.policies;

import org.jspecify.annotations.NullMarked;

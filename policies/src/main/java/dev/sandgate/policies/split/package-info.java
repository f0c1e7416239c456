/**
 * Shares a route's new sessions out between pools. In comes a request that begins one, out goes which pool it is. Keeps
 * nothing: where a session lives is the table's to know. Any event loop.
 */
@NullMarked
package dev.sandgate.policies.split;

import org.jspecify.annotations.NullMarked;

/**
 * What a route changes in the heads that go by: fields, paths, and what a page of another origin may see. Heads enter,
 * the same heads leave; no state between requests. Any event loop.
 */
@NullMarked
package dev.sandgate.proxy.rewrite;

import org.jspecify.annotations.NullMarked;

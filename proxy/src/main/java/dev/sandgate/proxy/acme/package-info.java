/**
 * Certificates from an authority (RFC 8555): ordered for names that are wanted, proven by HTTP-01, renewed in time, and kept
 * on shelves that all nodes see. Runs on threads of its own, which may wait; only {@link Challenges} is read by event loops.
 */
@NullMarked
package dev.sandgate.proxy.acme;

import org.jspecify.annotations.NullMarked;

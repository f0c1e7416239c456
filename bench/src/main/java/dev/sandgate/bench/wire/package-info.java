/**
 * HTTP/1.1, event streams and WebSockets as a client speaks them, on Netty, as cheap as a load generator needs it. All of
 * it runs on one event loop; nothing here may be called from another thread.
 */
@NullMarked
package dev.sandgate.bench.wire;

import org.jspecify.annotations.NullMarked;

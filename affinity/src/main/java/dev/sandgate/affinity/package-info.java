/**
 * Who lives where: sessions, bindings, slots, placement, lifetimes. Session keys and reports on instances enter;
 * bindings and typed refusals leave. Knows nothing of HTTP. Safe from any event loop; never blocks on I/O.
 */
@NullMarked
package dev.sandgate.affinity;

import org.jspecify.annotations.NullMarked;

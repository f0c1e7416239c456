/**
 * The only room that knows HTTP: listeners, the request's way, the forwarding engine, the command line. Connections
 * enter, answers leave; each request stays on one event loop from its first byte to its last.
 */
@NullMarked
package dev.sandgate.proxy;

import org.jspecify.annotations.NullMarked;

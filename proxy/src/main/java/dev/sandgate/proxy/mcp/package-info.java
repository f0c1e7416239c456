/**
 * The Model Context Protocol on the wire: the endpoint event of an event stream, refusals as JSON-RPC, who may call.
 * Bytes and texts enter, small values leave. No I/O, no state between requests.
 */
@NullMarked
package dev.sandgate.proxy.mcp;

import org.jspecify.annotations.NullMarked;

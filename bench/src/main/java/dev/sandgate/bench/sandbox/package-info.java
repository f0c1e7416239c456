/**
 * A sandbox to try the door with: it counts per session, streams, waits and breaks as asked, over HTTP, WebSocket and,
 * one room further in, MCP. Requests enter, answers leave; everything of one sandbox runs on one event loop, its
 * counters may be read from any thread.
 */
@NullMarked
package dev.sandgate.bench.sandbox;

import org.jspecify.annotations.NullMarked;

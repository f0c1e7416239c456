/**
 * The sandbox as an MCP server, of every generation: HTTP+SSE 2024-11-05, Streamable HTTP 2025-03-26 to 2025-11-25, and
 * the sessionless 2026-07-28. Requests enter, JSON-RPC messages leave. Everything runs on the sandbox's event loop; only
 * {@link dev.sandgate.bench.sandbox.mcp.McpSeen} may be had from any thread.
 */
@NullMarked
package dev.sandgate.bench.sandbox.mcp;

import org.jspecify.annotations.NullMarked;

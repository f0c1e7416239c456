package dev.sandgate.policies.limit;

import dev.sandgate.policies.Seen;

/** What no limit counts: to end an MCP session frees a slot, and whoever has met a limit should do just that. */
final class Exempt {

    private Exempt() {}

    static boolean is(Seen seen) {
        return seen.mcp() && seen.method().equals("DELETE");
    }
}

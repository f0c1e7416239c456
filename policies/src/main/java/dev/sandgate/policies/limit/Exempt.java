package dev.sandgate.policies.limit;

import dev.sandgate.policies.Seen;

/** What no limit counts: to end an MCP session frees a slot, and whoever has met a limit should do just that. */
final class Exempt {

    /** From this version on there are no sessions (versions are dates: they compare as text). */
    private static final String FIRST_STATELESS = "2026-07-28";

    private Exempt() {}

    static boolean is(Seen seen) {
        return seen.mcp()
                && seen.method().equals("DELETE")
                && seen.field("mcp-session-id") != null
                && !isStateless(seen);
    }

    private static boolean isStateless(Seen seen) {
        String version = seen.field("mcp-protocol-version");
        return version != null && version.compareTo(FIRST_STATELESS) >= 0;
    }
}

package dev.sandgate.proxy.mcp;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Inbound;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Who may call an MCP route from a browser (MCP 2025-11-25, Streamable HTTP, security warning): instances see a
 * {@code Host} of our making, which blinds their own check against DNS rebinding, so it is made here.
 */
public final class McpCallers {

    private McpCallers() {}

    /**
     * Checks {@code Origin} and, on a loopback listener, {@code Host}.
     *
     * @param pages knows further origins that are taken, as they came
     * @param onlyLoopback whether only names of this machine are taken as {@code Host}
     * @throws Fault {@link Reason#FORBIDDEN}
     */
    public static void check(
            Inbound inbound, AffinityConfig.Mcp config, Predicate<String> pages, boolean onlyLoopback) {
        String host = inbound.host().name();
        if (onlyLoopback && !isLoopback(host)) {
            throw Fault.of(Reason.FORBIDDEN, "This listener takes only names of this machine as Host");
        }
        String origin = inbound.request().headers().get("origin");
        if (origin != null) {
            String lower = origin.toLowerCase(Locale.ROOT);
            String own = (inbound.secure() ? "https://" : "http://")
                    + inbound.host().text().toLowerCase(Locale.ROOT);
            if (!lower.equals(own) && !config.origins().contains(lower) && !pages.test(origin)) {
                throw Fault.of(Reason.FORBIDDEN, "This Origin is not taken here");
            }
        }
    }

    /** Whether a host name is one of this machine's own. */
    public static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("[::1]") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}

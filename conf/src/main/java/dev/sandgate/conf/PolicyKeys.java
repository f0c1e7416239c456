package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Part;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads whose requests a policy counts together: its {@code key} and {@code ipv6Prefix}. */
final class PolicyKeys {

    static final String SESSION = "session";

    private static final Map<String, Part> WORDS = Map.of(
            "ip",
            Part.IP,
            "principal",
            Part.PRINCIPAL,
            "tenant",
            Part.TENANT,
            SESSION,
            Part.SESSION,
            "route",
            Part.ROUTE,
            "pool",
            Part.POOL,
            "mcpName",
            Part.MCP_NAME);
    private static final Shape<Part> PART = Scalars.oneOf(WORDS);
    private static final Shape<List<Part>> ALL =
            Lists.of("of " + PART.expected().replace(" or ", ", "), PART, 1, WORDS.size());
    private static final Shape<List<Part>> PARTS =
            Shape.of(PART.expected() + ", or a list of these", PolicyKeys::parts);

    private PolicyKeys() {}

    static Optional<PolicyConfig.Key> need(Section section) {
        Optional<List<Part>> parts = section.need("key", PARTS);
        int prefix = section.find("ipv6Prefix", Scalars.whole(1, 128)).orElse(PolicyConfig.Key.IPV6_PREFIX);
        return parts.map(list -> new PolicyConfig.Key(list, prefix));
    }

    private static Optional<List<Part>> parts(Value value) {
        return value.node() instanceof Node.Items
                ? ALL.read(value)
                : PART.read(value).map(List::of);
    }
}

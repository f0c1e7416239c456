package dev.sandgate.conf;

import java.util.Optional;

/**
 * What a node tells the others that share its table.
 *
 * @param id its name among them, 1 to 64 characters of {@code [A-Za-z0-9._-]}; empty: one is made at each start
 * @param advertise an IP address at which they reach this node's process instances and admin; empty: they cannot
 */
public record NodeConfig(Optional<String> id, Optional<String> advertise) {

    /** Nothing was said. */
    public static final NodeConfig DEFAULT = new NodeConfig(Optional.empty(), Optional.empty());
}

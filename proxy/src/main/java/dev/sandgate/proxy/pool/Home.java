package dev.sandgate.proxy.pool;

import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import java.util.Optional;

/**
 * Where a node and its own processes are.
 *
 * @param prefix what the ids of its processes begin with: its name and a slash, so that no two nodes' are alike; empty
 *     where there is one node
 * @param advertised at which every node reaches it and them, an IP literal; empty: no other node does
 */
public record Home(String prefix, Optional<String> advertised) {

    /**
     * As the configuration says.
     *
     * @param node this node's name
     */
    public static Home of(SandgateConfig config, String node) {
        return config.table() instanceof TableConfig.Memory
                ? new Home("", Optional.of("127.0.0.1"))
                : new Home(node + "/", config.node().advertise());
    }

    /** Where its processes are; a configuration with such a pool says it. */
    String host() {
        return advertised.orElseThrow(() -> new IllegalStateException("a process pool of a node without an address"));
    }
}

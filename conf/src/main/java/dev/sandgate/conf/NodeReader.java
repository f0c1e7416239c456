package dev.sandgate.conf;

import java.util.Map;
import java.util.Optional;

/** Reads {@code node}: what this node is to others that share its table. */
final class NodeReader {

    private static final String EXPECTED = "an object with id and advertise";
    private static final Shape<String> ID = Scalars.text(NamedSections.NAME_RULE, NamedSections.NAME);

    static final Shape<NodeConfig> NODE =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).map(NodeReader::node));

    private NodeReader() {}

    private static NodeConfig node(Section section) {
        Optional<String> id = section.find("id", ID);
        Optional<String> advertise = section.find("advertise", Addresses.MACHINE);
        section.end();
        return new NodeConfig(id, advertise);
    }

    /**
     * Tells of what the other nodes would need to reach a pool's processes.
     *
     * @param top the whole file, whose table others share
     * @param pools those that are fit
     */
    static void refuseUnreachable(Section top, Map<String, PoolConfig> pools) {
        Optional<PoolConfig> ofProcesses = pools.values().stream()
                .filter(pool -> pool.instances() instanceof InstancesConfig.Processes)
                .findFirst();
        ofProcesses.ifPresent(pool -> {
            String reason =
                    "; pool " + pool.name() + " starts processes, and the table in Redis leads other nodes to them";
            needed(top, "id", "the name of this node among those that share the table" + reason);
            needed(top, "advertise", "an IP address at which other nodes reach this one" + reason);
        });
    }

    private static void needed(Section top, String key, String expected) {
        Optional<Value> node = top.take("node");
        // What else may stand there in place of an object was told.
        boolean told = node.filter(value -> !(value.node() instanceof Node.Members)
                        || value.member(key).isPresent())
                .isPresent();
        if (!told) {
            Spot at = node.map(value -> value.node().spot()).orElse(top.spot());
            top.context().problems().add(new Problem("node." + key, "missing", expected, at.line(), at.column()));
        }
    }
}

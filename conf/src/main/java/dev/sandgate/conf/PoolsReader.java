package dev.sandgate.conf;

import dev.sandgate.conf.AffinityConfig.PortRange;
import dev.sandgate.conf.PoolConfig.HostRule;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code pools}. */
final class PoolsReader {

    static final int CONNECTIONS = 1024;

    private static final Shape<PlacementRule> PLACEMENT = Scalars.oneOf(Map.of(
            "least-sessions", PlacementRule.LEAST_SESSIONS, "pack", PlacementRule.PACK, "hash", PlacementRule.HASH));
    private static final Shape<HostRule> HOST =
            Scalars.oneOf(Map.of("instance", HostRule.INSTANCE, "preserve", HostRule.PRESERVE));
    private static final String RANGE = "a port from 1 to 65535 or a range of them such as \"3000-9999\"";
    private static final Pattern FROM_TO = Pattern.compile("([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?");
    private static final Shape<PortRange> PORTS = Shape.of(RANGE, PoolsReader::ports);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final InstancesReader instances = new InstancesReader();

    Shape<Map<String, PoolConfig>> pools() {
        return NamedSections.of("a pool", this::pool);
    }

    private Optional<PoolConfig> pool(String name, Section section) {
        Optional<InstancesConfig> from = section.need("instances", instances.of(name));
        SessionsConfig sessions =
                section.find("sessions", SessionsReader.SESSIONS).orElse(SessionsConfig.DEFAULT);
        PlacementRule placement = section.find("placement", PLACEMENT).orElse(PlacementRule.LEAST_SESSIONS);
        QueueConfig queue = section.find("queue", queue()).orElse(QueueConfig.DEFAULT);
        TimeoutsConfig timeouts = section.find("timeouts", timeouts()).orElse(TimeoutsConfig.DEFAULT);
        int connections = section.find("connections", Scalars.whole(1, 100_000)).orElse(CONNECTIONS);
        HostRule host = section.find("host", HOST).orElse(HostRule.INSTANCE);
        Optional<PortRange> ports = section.find("ports", PORTS);
        section.end();
        return from.map(
                source -> new PoolConfig(name, source, sessions, placement, queue, timeouts, connections, host, ports));
    }

    private static Optional<PortRange> ports(Value value) {
        if (value.node() instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.NUMBER) {
            return value.refuse(RANGE + ", in quotes");
        }
        Optional<String> text = value.text(RANGE);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher ends = FROM_TO.matcher(text.get());
        if (!ends.matches()) {
            return value.refuse(RANGE);
        }
        int first = Integer.parseInt(ends.group(1));
        int last = Optional.ofNullable(ends.group(2)).map(Integer::parseInt).orElse(first);
        if (first > 65535 || last > 65535) {
            return value.refuse(RANGE);
        }
        return first > last ? value.refuse(RANGE, "; the smaller one first") : Optional.of(new PortRange(first, last));
    }

    private static Shape<QueueConfig> queue() {
        String expected = "an object with max and maxWait";
        return Shape.of(expected, value -> value.section(expected).map(section -> {
            int max = section.find("max", Scalars.whole(0, 1_000_000)).orElse(QueueConfig.DEFAULT.max());
            Duration maxWait =
                    section.find("maxWait", Durations.atLeast(SHORTEST)).orElse(QueueConfig.DEFAULT.maxWait());
            section.end();
            return new QueueConfig(max, maxWait);
        }));
    }

    private static Shape<TimeoutsConfig> timeouts() {
        String expected = "an object with timeouts";
        return Shape.of(expected, value -> value.section(expected).map(PoolsReader::timeouts));
    }

    private static TimeoutsConfig timeouts(Section section) {
        TimeoutsConfig or = TimeoutsConfig.DEFAULT;
        Shape<Duration> some = Durations.atLeast(SHORTEST);
        Duration connect = section.find("connect", some).orElse(or.connect());
        Duration connectionWait = section.find("connectionWait", some).orElse(or.connectionWait());
        Duration firstByte = section.find("firstByte", some).orElse(or.firstByte());
        Duration idle = section.find("idle", some).orElse(or.idle());
        Duration keepAlive = section.find("keepAlive", some).orElse(or.keepAlive());
        section.end();
        return new TimeoutsConfig(connect, connectionWait, firstByte, idle, keepAlive);
    }
}

package dev.sandgate.conf;

import dev.sandgate.conf.AffinityConfig.PortRange;
import dev.sandgate.conf.PoolConfig.HostRule;
import dev.sandgate.conf.PoolConfig.Outage;
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
    private static final Shape<Outage> OUTAGE = Scalars.oneOf(Map.of("refuse", Outage.REFUSE, "hash", Outage.HASH));
    private static final String RANGE = "a port from 1 to 65535 or a range of them such as \"3000-9999\"";
    private static final Pattern FROM_TO = Pattern.compile("([1-9][0-9]{0,4})(?:-([1-9][0-9]{0,4}))?");
    private static final Shape<PortRange> PORTS = Shape.of(RANGE, PoolsReader::ports);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final InstancesReader instances = new InstancesReader();
    private final boolean alone;

    /** @param alone whether no other node may share the table */
    PoolsReader(boolean alone) {
        this.alone = alone;
    }

    Shape<Map<String, PoolConfig>> pools() {
        Shape<Map<String, PoolConfig>> pools = NamedSections.of("a pool", this::pool);
        return Shape.of(pools.expected(), value -> {
            Optional<Map<String, PoolConfig>> read = pools.read(value);
            read.ifPresent(fit -> FallbackReader.refuseUnfit(value, fit));
            return read;
        });
    }

    private Optional<PoolConfig> pool(String name, Section section) {
        Optional<InstancesConfig> from = section.need("instances", instances.of(name));
        SessionsConfig sessions =
                section.find("sessions", SessionsReader.SESSIONS).orElse(SessionsConfig.DEFAULT);
        PlacementRule placement = section.find("placement", PLACEMENT).orElse(PlacementRule.LEAST_SESSIONS);
        QueueConfig waiting = from.map(PoolsReader::waiting).orElse(QueueConfig.DEFAULT);
        QueueConfig queue = section.find("queue", queue(waiting)).orElse(waiting);
        TimeoutsConfig timeouts = section.find("timeouts", timeouts()).orElse(TimeoutsConfig.DEFAULT);
        int connections = section.find("connections", Scalars.whole(1, 100_000)).orElse(CONNECTIONS);
        HostRule host = section.find("host", HOST).orElse(HostRule.INSTANCE);
        Optional<PortRange> ports = section.find("ports", PORTS);
        Outage outage = section.find("outage", OUTAGE).orElse(Outage.REFUSE);
        boolean sealIds = section.find("sealIds", Scalars.BOOLEAN).orElse(false);
        BreakersConfig breakers =
                section.find("breakers", BreakersReader.BREAKERS).orElse(BreakersConfig.NONE);
        Optional<FallbackConfig> fallback = section.find("fallback", FallbackReader.fallback());
        RetriesConfig retries = section.find("retries", RetriesReader.RETRIES).orElse(RetriesConfig.NONE);
        section.end();
        from.ifPresent(source -> refuseWhatDoesNotFit(source, sessions, section));
        if (outage == Outage.HASH) {
            refuseHash(sessions, section);
        }
        return from.map(source -> new PoolConfig(
                name,
                source,
                sessions,
                placement,
                queue,
                timeouts,
                connections,
                host,
                ports,
                outage,
                sealIds,
                breakers,
                fallback,
                retries));
    }

    /** Whoever waits for an instance to start waits as long as that may take. */
    private static QueueConfig waiting(InstancesConfig source) {
        QueueConfig or = QueueConfig.DEFAULT;
        return source instanceof InstancesConfig.Processes process
                        && process.startTimeout().compareTo(or.maxWait()) > 0
                ? new QueueConfig(or.max(), process.startTimeout())
                : or;
    }

    private static void refuseWhatDoesNotFit(InstancesConfig source, SessionsConfig sessions, Section section) {
        boolean process = source instanceof InstancesConfig.Processes;
        if (process) {
            section.take("ports")
                    .ifPresent(value -> value.refuse("none; the instances of a process pool share this machine's ports"
                            + " with each other and with everything else on it"));
        } else if (sessions.recycle()) {
            section.take("sessions")
                    .flatMap(said -> said.member("recycle"))
                    .ifPresent(value -> value.refuse("false; only a pool of type process can replace its instances"));
        }
    }

    private void refuseHash(SessionsConfig sessions, Section section) {
        Optional<Value> said = section.take("outage");
        if (alone) {
            said.ifPresent(value -> value.refuse("\"refuse\"; \"hash\" needs \"table\": { \"type\": \"redis\" }"));
        } else if (sessions.recycle()) {
            said.ifPresent(value -> value.refuse(
                    "\"refuse\"; with recycle, only the table knows which instances have served nobody yet"));
        }
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

    private static Shape<QueueConfig> queue(QueueConfig or) {
        String expected = "an object with max and maxWait";
        return Shape.of(expected, value -> value.section(expected).map(section -> {
            int max = section.find("max", Scalars.whole(0, 1_000_000)).orElse(or.max());
            Duration maxWait =
                    section.find("maxWait", Durations.atLeast(SHORTEST)).orElse(or.maxWait());
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

package dev.sandgate.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a config file into records: the one validator. Blocking; never call it on an event loop. */
public final class ConfigReader {

    static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

    private static final String EXPECTED = "an object with listeners, pools and routes";
    private static final Shape<TableConfig> TABLE_TYPE =
            Scalars.oneOf(Map.of("memory", new TableConfig.Memory()), List.of("redis"));

    private final Map<String, String> environment;

    /** @param environment what {@code ${env:NAME}} is replaced from, usually {@link System#getenv()} */
    public ConfigReader(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Reads the file at this path; relative paths inside it are resolved against its folder. */
    public Reading read(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path folder = Optional.ofNullable(absolute.getParent()).orElse(absolute);
        Problems problems = new Problems();
        Context context = new Context(problems, new Substitution(environment, folder));
        Optional<SandgateConfig> config = SourceText.read(absolute, problems)
                .flatMap(text -> TreeReader.read(text, problems))
                .flatMap(top -> new Value(top, context).section(EXPECTED))
                .flatMap(ConfigReader::config);
        return config.isPresent() && problems.none()
                ? new Reading.Loaded(config.get(), problems.warnings())
                : new Reading.Broken(problems.inFileOrder());
    }

    /** A config, to be used only where no problem was told; empty where not even that can be made. */
    private static Optional<SandgateConfig> config(Section top) {
        ListenersReader ports = new ListenersReader();
        Optional<Map<String, ListenerConfig>> listeners = top.need("listeners", ports.listeners());
        Optional<AdminConfig> admin = top.find("admin", ports.admin());
        TableConfig table = top.find("table", table()).orElse(new TableConfig.Memory());
        Optional<Map<String, PoolConfig>> pools = top.need("pools", new PoolsReader().pools());
        // Where listeners could not be read, that was told; nothing is said of the proxies they lack.
        boolean proxies = listeners.isEmpty() || ports.proxiesNamed();
        RoutesReader leading = new RoutesReader(top.take("pools"), pools.orElse(Map.of()), proxies);
        Optional<List<RouteConfig>> routes = top.need("routes", leading.routes());
        Duration shutdown = top.find("shutdownTimeout", Durations.any()).orElse(SHUTDOWN_TIMEOUT);
        boolean accessLog = top.find("accessLog", Scalars.BOOLEAN).orElse(true);
        top.take("$schema");
        top.end();
        if (listeners.isEmpty() || pools.isEmpty() || routes.isEmpty()) {
            return Optional.empty();
        }
        top.take("pools").ifPresent(value -> StaticPools.warn(value, routes.get()));
        return Optional.of(
                new SandgateConfig(listeners.get(), admin, table, pools.get(), routes.get(), shutdown, accessLog));
    }

    private static Shape<TableConfig> table() {
        String expected = "an object such as { \"type\": \"memory\" }";
        return Shape.of(expected, value -> value.section(expected).flatMap(section -> {
            Optional<TableConfig> table = section.need("type", TABLE_TYPE);
            // What the keys of a type that is not built yet mean is unknown.
            table.ifPresent(known -> section.end());
            return table;
        }));
    }
}

package dev.sandgate.conf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a config file into records: the one validator. Blocking; never call it on an event loop. */
public final class ConfigReader {

    static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

    private static final String EXPECTED = "an object with listeners, pools and routes";
    private static final String STATE = ".sandgate";
    private static final Shape<String> HINT =
            Scalars.text("a line of printable characters", Pattern.compile("\\P{Cntrl}{1,4096}"));

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
                .flatMap(top -> config(top, folder.resolve(STATE).resolve(stem(absolute))));
        return config.isPresent() && problems.none()
                ? new Reading.Loaded(config.get(), problems.warnings())
                : new Reading.Broken(problems.inFileOrder());
    }

    /** A config, to be used only where no problem was told; empty where not even that can be made. */
    private static Optional<SandgateConfig> config(Section top, Path usualState) {
        boolean certificatesComeLater =
                top.members().containsKey("admin") || top.members().containsKey("acme");
        ListenersReader ports = new ListenersReader(certificatesComeLater);
        Optional<Map<String, ListenerConfig>> listeners = top.need("listeners", ports.listeners());
        Optional<AdminConfig> admin = top.find("admin", ports.admin());
        Optional<TableConfig> table = top.find("table", TableReader.TABLE);
        NodeConfig node = top.find("node", NodeReader.NODE).orElse(NodeConfig.DEFAULT);
        FileFacts facts = facts(top, listeners.isEmpty() ? Optional.empty() : Optional.of(ports), table);
        Optional<Map<String, PoolConfig>> pools = top.need("pools", new PoolsReader(facts.alone()).pools());
        RoutePolicies policies = policies(top, facts);
        RoutesReader leading = new RoutesReader(top.take("pools"), pools.orElse(Map.of()), facts, policies);
        Optional<List<RouteConfig>> routes = top.need("routes", leading.routes());
        policies.warnOfUnnamed();
        Optional<AcmeConfig> acme = top.find("acme", AcmeReader.ACME);
        Duration shutdown = top.find("shutdownTimeout", Durations.any()).orElse(SHUTDOWN_TIMEOUT);
        boolean accessLog = top.find("accessLog", Scalars.BOOLEAN).orElse(true);
        Path state = top.find("state", FilePaths.futureFolder("a folder for what the node must remember"))
                .orElse(usualState);
        List<String> hints =
                top.find("hints", Lists.of("lines to print", HINT, 0, 100)).orElse(List.of());
        top.take("$schema");
        if (facts.manyNodes()) {
            NodeReader.refuseUnreachable(top, pools.orElse(Map.of()));
        }
        top.end();
        if (listeners.isEmpty() || pools.isEmpty() || routes.isEmpty()) {
            return Optional.empty();
        }
        top.take("pools").ifPresent(value -> StaticPools.warn(value, pools.get(), routes.get()));
        return Optional.of(new SandgateConfig(
                listeners.get(),
                admin,
                node,
                table.orElse(new TableConfig.Memory()),
                pools.get(),
                routes.get(),
                acme,
                shutdown,
                accessLog,
                state,
                hints));
    }

    /** Where a part could not be read, that was told; nothing is said of what would not fit it. */
    private static FileFacts facts(Section top, Optional<ListenersReader> ports, Optional<TableConfig> table) {
        boolean alone = table.map(TableConfig.Memory.class::isInstance)
                .orElse(top.take("table").isEmpty());
        return new FileFacts(
                ports.map(ListenersReader::proxiesNamed).orElse(true),
                ports.map(ListenersReader::certificatesAsked).orElse(true),
                alone,
                table.filter(TableConfig.Redis.class::isInstance).isPresent());
    }

    private static RoutePolicies policies(Section top, FileFacts facts) {
        PoliciesReader reader = new PoliciesReader(facts);
        Map<String, PolicyConfig> shared = top.find("policies", reader.shared()).orElse(Map.of());
        return new RoutePolicies(reader, top.take("policies"), shared);
    }

    /** A file's name without its last extension. */
    private static String stem(Path file) {
        String name = file.getFileName() == null ? "config" : file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}

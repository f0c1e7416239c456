package dev.sandgate.proxy.cli;

import dev.sandgate.conf.ConfigReader;
import dev.sandgate.conf.Reading;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** {@code sandgate run} of a config file with a table in Redis, but with leases that no file can say. */
public final class ShortLeases {

    private ShortLeases() {}

    /**
     * Runs until a signal ends it.
     *
     * @param args the config file; how long each lease is, such as {@code PT2S}
     */
    public static void main(String[] args) throws InterruptedException {
        // as Sandgate itself does
        System.setProperty("vertx.logger-delegate-factory-class-name", "io.vertx.core.logging.SLF4JLogDelegateFactory");
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Reading reading = new ConfigReader(System.getenv()).read(Path.of(args[0]));
        if (reading instanceof Reading.Loaded loaded && loaded.config().table() instanceof TableConfig.Redis redis) {
            Duration lease = Duration.parse(args[1]);
            TableConfig table = lasting(redis, new TableConfig.Leases(lease, lease));
            System.exit(new OpenDoor(err).run(with(loaded.config(), table)));
        }
        err.println("no table in Redis: " + reading);
        System.exit(2);
    }

    private static TableConfig lasting(TableConfig.Redis as, TableConfig.Leases leases) {
        return new TableConfig.Redis(
                as.mode(),
                as.urls(),
                as.master(),
                as.user(),
                as.password(),
                as.database(),
                as.prefix(),
                as.trust(),
                as.connectTimeout(),
                as.timeout(),
                as.hold(),
                as.awayMax(),
                as.remember(),
                as.keys(),
                leases);
    }

    private static SandgateConfig with(SandgateConfig as, TableConfig table) {
        return new SandgateConfig(
                as.listeners(),
                as.admin(),
                as.node(),
                table,
                as.pools(),
                as.routes(),
                as.acme(),
                as.shutdownTimeout(),
                as.accessLog(),
                as.state(),
                as.hints());
    }
}

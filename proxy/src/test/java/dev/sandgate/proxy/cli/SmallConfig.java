package dev.sandgate.proxy.cli;

import dev.sandgate.conf.LimitsConfig;
import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.conf.NodeConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The smallest config that there is: one listener in clear text, without pools and routes. */
final class SmallConfig {

    private SmallConfig() {}

    static SandgateConfig on(String host, int port) {
        ListenerConfig listener = new ListenerConfig(
                "public",
                host,
                port,
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                true,
                List.of(),
                LimitsConfig.DEFAULT);
        return new SandgateConfig(
                Map.of("public", listener),
                Optional.empty(),
                NodeConfig.DEFAULT,
                new TableConfig.Memory(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Duration.ofSeconds(1),
                false,
                Path.of("target", "no-state").toAbsolutePath(),
                List.of());
    }
}

package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor.Version;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Versions under which known holes are open: what is on the class path may be newer, never older. */
final class VersionFloorTest {

    private static final Version NETTY = Version.parse("4.2.18");
    private static final Version VERTX = Version.parse("5.0.12");

    @Test
    void everyNettyModuleIsAtLeastTheSecurityFloor() throws IOException {
        Map<String, Version> modules = new TreeMap<>();
        for (URL each : Collections.list(loader().getResources("META-INF/io.netty.versions.properties"))) {
            Properties properties = new Properties();
            try (InputStream in = each.openStream()) {
                properties.load(in);
            }
            properties.stringPropertyNames().stream()
                    .filter(name -> name.endsWith(".version"))
                    .forEach(name -> modules.put(
                            name.replace(".version", ""),
                            Version.parse(properties.getProperty(name).replace(".Final", ""))));
        }

        assertThat(modules).containsKeys("netty-codec-http", "netty-codec-http2", "netty-handler");
        assertThat(modules)
                .allSatisfy((module, version) ->
                        assertThat(version).as(module).usingDefaultComparator().isGreaterThanOrEqualTo(NETTY));
    }

    @Test
    void vertxIsAtLeastTheSecurityFloor() throws IOException {
        try (InputStream in = loader().getResourceAsStream("META-INF/vertx/vertx-version.txt")) {
            assertThat(in).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII).trim();
            assertThat(Version.parse(text)).isGreaterThanOrEqualTo(VERTX);
        }
    }

    private static ClassLoader loader() {
        return VersionFloorTest.class.getClassLoader();
    }
}

package dev.sandgate.proxy.cli;

import io.netty.util.Version;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What this program was built from, and what it runs on. */
final class Build implements IVersionProvider {

    private static final String VERTX_VERSION = "/META-INF/vertx/vertx-version.txt";

    @Override
    public String[] getVersion() throws IOException {
        String version = Optional.ofNullable(Sandgate.class.getPackage().getImplementationVersion())
                .orElse("in development");
        return new String[] {
            "sandgate " + version + " (commit " + commit() + ")",
            "Java     " + System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")",
            "Vert.x   " + vertx(),
            "Netty    " + netty()
        };
    }

    /** The commit in the manifest of the jar that this class came from; "unknown" outside a jar. */
    private static String commit() throws IOException {
        URL self = Sandgate.class.getResource("Sandgate.class");
        if (self != null && self.openConnection() instanceof JarURLConnection jar) {
            return Optional.ofNullable(jar.getMainAttributes().getValue("Sandgate-Commit"))
                    .orElse("unknown");
        }
        return "unknown";
    }

    private static String vertx() throws IOException {
        try (InputStream text = Vertx.class.getResourceAsStream(VERTX_VERSION)) {
            return text == null ? "unknown" : new String(text.readAllBytes(), StandardCharsets.UTF_8).trim();
        }
    }

    private static String netty() {
        return Optional.ofNullable(Version.identify().get("netty-common"))
                .map(Version::artifactVersion)
                .orElse("unknown");
    }
}

package dev.sandgate.conf;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a pool's instances come from. */
public sealed interface InstancesConfig {

    /**
     * A fixed list. A host name stands for each address that it resolves to.
     *
     * @param urls {@code http://host:port} or {@code https://host:port}, no path; normalised, no two alike
     * @param trust a PEM file of the authorities that {@code https} instances are checked against; empty: the JDK's
     */
    record Static(List<URI> urls, Optional<Path> trust) implements InstancesConfig {}
}

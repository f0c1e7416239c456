package dev.sandgate.conf;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code instances} of each pool; no two pools may fill the same one without knowing. */
final class InstancesReader {

    static final int MOST_URLS = 10_000;

    private static final String PROCESS = "process";
    private static final Set<String> PLANNED = Set.of("dns", "kubernetes", "http", "registered");
    private static final Shape<String> TYPE = Scalars.oneOf(Map.of("static", "static", PROCESS, PROCESS), PLANNED);
    private static final String EXPECTED = "an object with a type and what belongs to it";
    private static final String URL = "\"http://host:port\" or \"https://host:port\"";

    private final Map<String, Owner> owners = new HashMap<>();

    /** Who named an authority first. */
    private record Owner(String pool, boolean shared, Spot spot) {}

    Shape<InstancesConfig> of(String pool) {
        return Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(section -> instances(pool, section)));
    }

    private Optional<InstancesConfig> instances(String pool, Section section) {
        // What the keys of a type that is not built yet mean is unknown.
        Optional<String> type = section.need("type", TYPE);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        return type.get().equals(PROCESS) ? ProcessReader.read(section) : fixed(pool, section);
    }

    private Optional<InstancesConfig> fixed(String pool, Section section) {
        boolean shared = section.find("shared", Scalars.BOOLEAN).orElse(false);
        Shape<URI> url = Shape.of(URL, value -> authority(value).flatMap(uri -> owned(uri, value, pool, shared)));
        Optional<List<URI>> urls =
                section.need("urls", Lists.of("urls such as \"http://127.0.0.1:9001\"", url, 1, MOST_URLS));
        Optional<Path> trust = section.find("trust", FilePaths.readable("a PEM file with certificate authorities"));
        Optional<IncarnationConfig> incarnation = section.find("incarnation", IncarnationReader.INCARNATION);
        section.end();
        return urls.map(list -> new InstancesConfig.Static(list, trust, incarnation));
    }

    private Optional<URI> owned(URI uri, Value value, String pool, boolean shared) {
        Spot spot = value.node().spot();
        Owner owner = owners.putIfAbsent(uri.getAuthority(), new Owner(pool, shared, spot));
        if (owner == null || (!owner.pool.equals(pool) && owner.shared && shared)) {
            return Optional.of(uri);
        }
        String first = owner.spot.path();
        return owner.pool.equals(pool)
                ? value.refuse("each instance once; " + first + " is the same")
                : value.refuse("an instance of this pool alone; " + first
                        + " is the same, which is allowed where both pools' instances say \"shared\": true");
    }

    /** The url with its port, in lower case. */
    private static Optional<URI> authority(Value value) {
        return HttpAddress.read(value, URL, "http").map(address -> URI.create(address.withPort()));
    }
}

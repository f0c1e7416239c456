package dev.sandgate.affinity.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.affinity.Instance;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Collection;
import java.util.stream.Collectors;

/** How instances are written into records, whose fields a bar parts: no name can break out of its field. */
final class Words {

    private Words() {}

    static String of(String name) {
        return URLEncoder.encode(name, UTF_8);
    }

    /** Incarnation and address: what tells two lives of one id apart. */
    static String identity(Instance instance) {
        return of(instance.incarnation()) + "@" + of(instance.host()) + "@" + instance.port();
    }

    static Instance instance(String pool, String id, String identity) {
        String[] parts = identity.split("@", 3);
        return new Instance(pool, name(id), name(parts[0]), name(parts[1]), Integer.parseInt(parts[2]));
    }

    static String list(Collection<String> names) {
        return names.stream().map(Words::of).collect(Collectors.joining("|"));
    }

    private static String name(String word) {
        return URLDecoder.decode(word, UTF_8);
    }
}

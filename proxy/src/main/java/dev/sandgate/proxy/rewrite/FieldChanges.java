package dev.sandgate.proxy.rewrite;

import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.proxy.inbound.Fields;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;

/** Changes to the fields of a head: some renamed, then some taken out, then some set. Any thread. */
final class FieldChanges {

    private record Pair(String name, String other) {}

    private final Pair[] renamed;
    private final String[] removed;
    private final Pair[] set;

    FieldChanges(RewriteConfig.Fields config) {
        this.renamed = pairs(config.rename());
        this.removed = config.remove().toArray(String[]::new);
        this.set = pairs(config.set());
    }

    private static Pair[] pairs(Map<String, String> config) {
        return config.entrySet().stream()
                .map(entry -> new Pair(entry.getKey(), entry.getValue()))
                .toArray(Pair[]::new);
    }

    void apply(MultiMap fields) {
        for (Pair pair : renamed) {
            rename(fields, pair);
        }
        for (String name : removed) {
            fields.remove(name);
        }
        for (Pair pair : set) {
            fields.set(pair.name, pair.other);
        }
    }

    // What came under the new name already is not what the operator means by it.
    private static void rename(MultiMap fields, Pair pair) {
        if (!fields.contains(pair.name)) {
            return;
        }
        List<String> values = fields.getAll(pair.name);
        fields.remove(pair.name);
        fields.remove(pair.other);
        for (String value : values) {
            fields.add(pair.other, Fields.writable(value));
        }
    }
}

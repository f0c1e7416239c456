package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.Source;
import dev.sandgate.proxy.admin.Refused.Why;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which session an operator looks for. Strict, as {@link Ask} is; what is refused never holds the id.
 *
 * @param pools where
 * @param id what its client carries
 * @param sources of which kinds
 */
record Lookup(List<String> pools, String id, Collection<Source> sources) {

    private static final Pattern ID = Pattern.compile("[!-~]{1,4096}");
    private static final List<String> KNOWN = List.of("id", "pool", "source");

    /** @throws Refused where it is none */
    static Lookup read(Buffer body, Collection<String> pools, Map<String, Source> sources) {
        JsonObject asked = object(body);
        for (String name : asked.fieldNames()) {
            if (!KNOWN.contains(name)) {
                throw Refused.because(
                        Why.PARAMETER_INVALID, "The body has an unknown key (expected: only " + KNOWN + ")");
            }
        }
        String id = text(asked, "id")
                .filter(given -> ID.matcher(given).matches())
                .orElseThrow(() -> Refused.because(
                        Why.PARAMETER_INVALID, "id: missing or unfit (expected: 1 to 4096 visible ASCII characters)"));
        Collection<String> where = text(asked, "pool")
                .<Collection<String>>map(pool -> List.of(one("pool", pool, pools)))
                .orElse(pools);
        Collection<Source> kinds = text(asked, "source")
                .<Collection<Source>>map(source -> List.of(sources.get(one("source", source, sources.keySet()))))
                .orElse(sources.values());
        return new Lookup(List.copyOf(where), id, List.copyOf(kinds));
    }

    // what the parser says would hold some of the body
    private static JsonObject object(Buffer body) {
        Refused unfit = Refused.because(Why.PARAMETER_INVALID, "The body is unfit (expected: a JSON object)");
        try {
            JsonObject asked = new JsonObject(body);
            if (asked.getMap() == null) {
                throw unfit;
            }
            return asked;
        } catch (DecodeException unreadable) {
            throw unfit;
        }
    }

    private static Optional<String> text(JsonObject asked, String name) {
        Object value = asked.getValue(name);
        if (value != null && !(value instanceof String)) {
            throw Refused.because(Why.PARAMETER_INVALID, name + ": not a text (expected: a text)");
        }
        return Optional.ofNullable((String) value);
    }

    private static String one(String name, String said, Collection<String> known) {
        if (!known.contains(said)) {
            throw Refused.because(
                    Why.PARAMETER_INVALID, name + ": unknown (expected: one of " + String.join(", ", known) + ")");
        }
        return said;
    }
}

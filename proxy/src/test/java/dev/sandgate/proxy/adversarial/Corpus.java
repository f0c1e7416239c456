package dev.sandgate.proxy.adversarial;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;

/** The files of hostile messages under {@code adversarial/}. */
final class Corpus {

    private static final Pattern REPEATED = Pattern.compile("\u27ea(.*?)\u00d7([0-9]+)\u27eb", Pattern.DOTALL);

    private Corpus() {}

    static List<JsonObject> load(String file) {
        try (InputStream in = Corpus.class.getResourceAsStream("/adversarial/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("no corpus " + file);
            }
            JsonArray cases = new JsonArray(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            return cases.stream().map(JsonObject.class::cast).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Writes out each {@code ⟪UNIT×N⟫} as N units, where {@code #} is the index. */
    static String expanded(String raw) {
        return REPEATED.matcher(raw).replaceAll(found -> {
            StringBuilder all = new StringBuilder();
            int count = Integer.parseInt(found.group(2));
            for (int i = 0; i < count; i++) {
                all.append(found.group(1).replace("#", String.valueOf(i)));
            }
            return Matcher.quoteReplacement(all.toString());
        });
    }

    /** A test whose failure also begins with the case's name. */
    static DynamicTest test(String name, Runnable check) {
        return DynamicTest.dynamicTest(name, () -> {
            try {
                check.run();
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError(name + ": " + failed.getMessage(), failed);
            }
        });
    }

    static List<String> strings(JsonObject from, String key) {
        return from.getJsonArray(key, new JsonArray()).stream()
                .map(String.class::cast)
                .toList();
    }

    static List<Integer> numbers(JsonObject from, String key) {
        return from.getJsonArray(key, new JsonArray()).stream()
                .map(Integer.class::cast)
                .toList();
    }
}

package dev.sandgate.proxy.admin;

import dev.sandgate.proxy.admin.Refused.Why;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;

/**
 * What an operator asks for: the id in the path and the parameters behind it. Strict: an unknown parameter, or one that
 * is given twice, is refused rather than left out.
 */
final class Ask {

    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final int SHOWN = 80;

    private final String id;
    private final MultiMap query;
    private final Buffer body;
    private final Optional<String> ifMatch;

    /**
     * One request.
     *
     * @param id the decoded segment of the path that names one thing; empty where there is none
     * @param body empty where the path takes none
     * @param ifMatch the field's value
     */
    Ask(String id, MultiMap query, Buffer body, Optional<String> ifMatch) {
        this.id = id;
        this.query = query;
        this.body = body;
        this.ifMatch = ifMatch;
    }

    String id() {
        return id;
    }

    Buffer body() {
        return body;
    }

    Optional<String> ifMatch() {
        return ifMatch;
    }

    /** Refuses every parameter but these. */
    Ask knowing(List<String> names) {
        for (String name : query.names()) {
            if (!names.contains(name)) {
                String expected = names.isEmpty() ? "no parameter" : "one of " + String.join(", ", names);
                throw unfit("parameter", name, expected);
            }
            if (query.getAll(name).size() > 1) {
                throw Refused.because(Why.PARAMETER_INVALID, name + ": given twice (expected: once)");
            }
        }
        return this;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** One of these words. */
    Optional<String> oneOf(String name, Set<String> words) {
        Optional<String> said = text(name);
        said.filter(word -> !words.contains(word)).ifPresent(word -> {
            throw unfit(name, word, "one of " + String.join(", ", words));
        });
        return said;
    }

    /** A whole number that fits. */
    Optional<Long> number(String name, LongPredicate fits, String expected) {
        return text(name).map(said -> {
            if (!WHOLE.matcher(said).matches() || !fits.test(Long.parseLong(said))) {
                throw unfit(name, said, expected);
            }
            return Long.parseLong(said);
        });
    }

    static Refused unfit(String name, String said, String expected) {
        String shown = said.length() <= SHOWN ? said : said.substring(0, SHOWN) + "…";
        return Refused.because(Why.PARAMETER_INVALID, name + ": \"" + shown + "\" (expected: " + expected + ")");
    }
}

package dev.sandgate.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page from a template in which {@code {{name}}} stands for a piece. Safe from any thread. */
public final class Page {

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private Page() {}

    /** The style sheet of all pages. */
    public static String style() {
        return resource(Page.class, "report.css");
    }

    /** In one go: what is filled in is not looked at again. */
    public static String filled(String template, Map<String, String> pieces) {
        Matcher places = PLACE.matcher(template);
        return places.replaceAll(place -> {
            String piece = pieces.get(place.group(1));
            if (piece == null) {
                throw new IllegalStateException("no piece for " + place.group());
            }
            return Matcher.quoteReplacement(piece);
        });
    }

    /**
     * A text of the class path.
     *
     * @param beside a class of its package
     */
    public static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}

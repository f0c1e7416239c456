package dev.sandgate.conf;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns JSON text into located nodes. Doubled keys are told here; the first one counts. */
final class TreeReader {

    static final int DEEPEST = 64;
    static final int MOST_VALUES = 500_000;

    // Keys of a config are few and a stranger's may collide on purpose: no table of symbols.
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final String text;
    private final Problems problems;
    private final boolean keys;
    private final JsonParser parser;
    private final List<Node> open = new ArrayList<>();
    private int values;

    private TreeReader(String text, Problems problems, boolean keys) throws IOException {
        this.text = text;
        this.problems = problems;
        this.keys = keys;
        this.parser = JSON.createParser(text);
    }

    /** The top node; empty where the text is no JSON, which is then among the problems. */
    static Optional<Node> read(String text, Problems problems) {
        return read(text, problems, false);
    }

    /** As {@link #read(String, Problems)}, of a text that begins like a list and holds keys: none of it is shown. */
    static Optional<Node> readKeys(String text, Problems problems) {
        return read(text, problems, true);
    }

    private static Optional<Node> read(String text, Problems problems, boolean keys) {
        try {
            return new TreeReader(text, problems, keys).document();
        } catch (IOException impossible) {
            throw new UncheckedIOException("reading from memory", impossible);
        }
    }

    private Optional<Node> document() throws IOException {
        try {
            if (parser.nextToken() == null) {
                problems.add(Spot.top(1, 1), "an empty file", "an object with listeners, pools and routes");
                return Optional.empty();
            }
            JsonLocation at = parser.currentTokenLocation();
            Node top = node(
                    keys
                            ? Spot.topOfKeys(at.getLineNr(), at.getColumnNr())
                            : Spot.top(at.getLineNr(), at.getColumnNr()));
            open.clear();
            if (parser.nextToken() != null) {
                problems.add(
                        syntax().afterTheEnd((int) parser.currentTokenLocation().getCharOffset()));
                return Optional.empty();
            }
            return Optional.of(top);
        } catch (TooMuch tooMuch) {
            problems.add(tooMuch.problem);
        } catch (JsonParseException broken) {
            problems.add(syntax().at((int) broken.getLocation().getCharOffset()));
        } catch (JsonProcessingException beyondALimit) {
            problems.add(syntax().endless((int) parser.currentLocation().getCharOffset()));
        }
        return Optional.empty();
    }

    private Syntax syntax() {
        return new Syntax(text, open);
    }

    /** The value whose first token is the current one. */
    private Node node(Spot spot) throws IOException {
        if (++values > MOST_VALUES) {
            throw new TooMuch(spot, "more than " + MOST_VALUES + " values", "fewer");
        }
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return members(spot);
        }
        if (token == JsonToken.START_ARRAY) {
            return items(spot);
        }
        return scalar(spot, token);
    }

    private Node members(Spot spot) throws IOException {
        Map<String, Node.Member> members = new LinkedHashMap<>();
        Node.Members object = new Node.Members(spot, members);
        enter(object);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonLocation at = parser.currentTokenLocation();
            Spot key = spot.key(name, at.getLineNr(), at.getColumnNr());
            parser.nextToken();
            JsonLocation valueAt = parser.currentTokenLocation();
            Node value = node(spot.key(name, valueAt.getLineNr(), valueAt.getColumnNr()));
            Node.Member first = members.putIfAbsent(name, new Node.Member(key, value));
            if (first != null) {
                problems.add(
                        key,
                        "a key said twice",
                        "each key once; it stands at " + first.key().place() + " already");
            }
        }
        leave();
        return object;
    }

    private Node items(Spot spot) throws IOException {
        List<Node> nodes = new ArrayList<>();
        Node.Items list = new Node.Items(spot, nodes);
        enter(list);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonLocation at = parser.currentTokenLocation();
            nodes.add(node(spot.item(nodes.size(), at.getLineNr(), at.getColumnNr())));
        }
        leave();
        return list;
    }

    private Node scalar(Spot spot, JsonToken token) throws IOException {
        int start = (int) parser.currentTokenLocation().getCharOffset();
        String value = parser.getText();
        if (token == JsonToken.VALUE_STRING) {
            int end = (int) parser.currentLocation().getCharOffset();
            return new Node.Scalar(spot, Node.Kind.STRING, value, Shown.value(spot, text.substring(start, end)));
        }
        return new Node.Scalar(spot, kind(token), value, Shown.value(spot, value));
    }

    private static Node.Kind kind(JsonToken token) {
        if (token.isNumeric()) {
            return Node.Kind.NUMBER;
        }
        return token.isBoolean() ? Node.Kind.BOOLEAN : Node.Kind.NULL;
    }

    private void enter(Node container) {
        if (open.size() == DEEPEST) {
            throw new TooMuch(container.spot(), "lists or objects in more than " + DEEPEST + " others", "fewer");
        }
        open.add(container);
    }

    private void leave() {
        open.remove(open.size() - 1);
    }

    /** Ends the reading of a text that no config ever looks like. */
    private static final class TooMuch extends RuntimeException {

        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        TooMuch(Spot spot, String found, String expected) {
            super(found, null, false, false);
            // The path of a thing nested too deep is of no use to anybody.
            this.problem = new Problem("", found, expected, spot.line(), spot.column());
        }
    }
}

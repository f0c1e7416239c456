package dev.sandgate.conf;

import java.util.List;
import java.util.regex.Pattern;

/** Tells what is wrong at the place where a text stops being JSON, in words for people. */
final class Syntax {

    private static final String VALUE =
            "a value: \"text\" in double quotes, a number, true, false, a list or an object";
    private static final Pattern KEY_BEFORE = Pattern.compile("[{,]\\s*\"[^\"\\\\]{0,200}\"\\s*$");
    private static final int LOOK_BACK = 500;

    private final String text;
    private final List<Node> open;

    /** @param open the objects and lists around the place, the outermost first */
    Syntax(String text, List<Node> open) {
        this.text = text;
        this.open = open;
    }

    /** @param offset of the first character that cannot stand where it stands */
    Problem at(int offset) {
        if (offset >= text.length()) {
            return tell(text.length(), "the end of the file", closing() + ", or the end of a text: something is open");
        }
        char c = text.charAt(offset);
        char direct = offset == 0 ? ' ' : text.charAt(offset - 1);
        if (direct == '\\') {
            return tell(offset - 1, "\\" + c, "\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u0000; \\\\ for a backslash");
        }
        if (c < ' ' && insideText(offset)) {
            return c == '\n' || c == '\r'
                    ? tell(offset, "a line break inside a text", "the closing quote before it")
                    : tell(offset, "a control character", "an escape such as \\t");
        }
        if (c == '#' || c == '/') {
            return tell(offset, "a comment", "none; JSON has no comments");
        }
        if (c == '\'') {
            return tell(offset, "a single quote", "double quotes");
        }
        if (open.isEmpty()) {
            return offset == 0 ? tell(offset, word(offset), "an object") : afterTheEnd(offset);
        }
        return between(offset, c, before(offset));
    }

    /** Something follows the config's last brace. */
    Problem afterTheEnd(int offset) {
        return tell(offset, word(offset), "nothing after the end of the config");
    }

    /** A number or a key is longer than any reader takes. */
    Problem endless(int offset) {
        return tell(offset, "an extremely long number or key", "a shorter one");
    }

    private Problem between(int offset, char c, int before) {
        char last = before < 0 ? ' ' : text.charAt(before);
        boolean inObject = open.get(open.size() - 1) instanceof Node.Members;
        if (c == '}' || c == ']') {
            if (last == ',') {
                return tell(before, "a comma before \"" + c + "\"", "no comma after the last one");
            }
            return last == ':' ? tell(offset, "\"" + c + "\"", VALUE) : tell(offset, "\"" + c + "\"", closing());
        }
        if (inObject && (last == '{' || last == ',')) {
            return tell(offset, word(offset), c == ',' ? "a key" : "a key in double quotes");
        }
        if (inObject
                && KEY_BEFORE
                        .matcher(text.substring(Math.max(0, offset - LOOK_BACK), offset))
                        .find()) {
            return tell(offset, word(offset), "\":\" between a key and its value");
        }
        if (last == ':' || last == '[' || last == ',') {
            return tell(offset, word(offset), VALUE);
        }
        if (Character.isWhitespace(text.charAt(offset - 1)) || "\"{[".indexOf(c) >= 0) {
            return tell(offset, word(offset), "a comma before it");
        }
        return tell(offset, word(offset), "a number as JSON writes it (no leading zero, no \"+\"), or \",\"");
    }

    private String closing() {
        if (open.isEmpty()) {
            return "the whole config";
        }
        Node inner = open.get(open.size() - 1);
        boolean object = inner instanceof Node.Members;
        return (object ? "\"}\", for the object" : "\"]\", for the list") + " that begins at "
                + inner.spot().place();
    }

    /** Whether a quote on the same line is still open. */
    private boolean insideText(int offset) {
        boolean inside = false;
        for (int i = text.lastIndexOf('\n', offset - 1) + 1; i < offset; i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                inside = !inside;
            }
        }
        return inside;
    }

    private int before(int offset) {
        int at = offset - 1;
        while (at >= 0 && Character.isWhitespace(text.charAt(at))) {
            at--;
        }
        return at;
    }

    /** The word that begins here, or the one character. */
    private String word(int offset) {
        if (Character.isWhitespace(text.charAt(offset))) {
            return "a blank";
        }
        int end = offset;
        while (end < text.length() && end - offset < 40 && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return Shown.text(text.substring(offset, Math.max(end, offset + 1)));
    }

    private Problem tell(int offset, String found, String expected) {
        int lineStart = text.lastIndexOf('\n', offset - 1) + 1;
        int line = 1
                + (int) text.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        String path = open.isEmpty() ? "" : open.get(open.size() - 1).spot().path();
        return new Problem(path, found, expected, line, offset - lineStart + 1);
    }
}

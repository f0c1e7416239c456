package dev.sandgate.conf;

import java.util.List;
import java.util.regex.Pattern;

/** Tells what is wrong at the place where a text stops being JSON, in words for people. */
final class Syntax {

    private static final String VALUE =
            "a value: \"text\" in double quotes, a number, true, false, a list or an object";
    private static final String NUMBER = "a number as JSON writes it: 8080, -1, 0.5";
    private static final Pattern BARE =
            Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?|true|false|null");
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
        boolean inText = insideText(offset);
        if (offset >= text.length()) {
            return tell(offset, "the end of the file", inText ? "a closing quote" : closing());
        }
        if (inText) {
            return inText(offset, text.charAt(offset));
        }
        char c = text.charAt(offset);
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

    private Problem inText(int offset, char c) {
        if (c == '\n' || c == '\r') {
            return tell(offset, "a line break inside a text", "the closing quote before it");
        }
        if (c < ' ') {
            return tell(offset, "a control character", "an escape such as \\t");
        }
        return text.charAt(offset - 1) == '\\'
                ? tell(offset - 1, "\\" + c, "\\\\ for a backslash, or an escape: \\\" \\/ \\b \\f \\n \\r \\t \\u0000")
                : tell(offset, word(offset), "four hexadecimal digits after \\u");
    }

    private Problem between(int offset, char c, int before) {
        char last = before < 0 ? ' ' : text.charAt(before);
        boolean inObject = open.get(open.size() - 1) instanceof Node.Members;
        int start = bareStart(offset);
        String bare = start == offset
                ? ""
                : text.substring(start, offset) + (Character.isLetterOrDigit(c) ? word(offset) : "");
        if (!bare.isEmpty() && !BARE.matcher(bare).matches()) {
            return tell(start, shown(bare, start), Character.isLetter(bare.charAt(0)) ? VALUE : NUMBER);
        }
        if (c == '}' || c == ']') {
            if (last == ',') {
                return tell(before, "a comma before \"" + c + "\"", "no comma after the last one");
            }
            return tell(offset, "\"" + c + "\"", last == ':' ? VALUE : closing());
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
        if (text.charAt(offset - 1) == '"') {
            return tell(offset, word(offset), "a comma; or is a quote missing before it?");
        }
        boolean value = Character.isLetterOrDigit(c) || "\"{[-".indexOf(c) >= 0;
        return tell(offset, word(offset), value ? "a comma before it" : "a comma, or " + closing());
    }

    /** Where the number or the word begins that ends right before this place. */
    private int bareStart(int offset) {
        int start = offset;
        while (start > 0 && offset - start < 40 && isBare(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static boolean isBare(char c) {
        return Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
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

    /** The word or the short text that begins here, or the one character. */
    private String word(int offset) {
        if (Character.isWhitespace(text.charAt(offset))) {
            return "a blank";
        }
        int quote = text.charAt(offset) == '"' ? text.indexOf('"', offset + 1) : -1;
        if (quote > 0 && quote - offset < 40) {
            return shown(text.substring(offset, quote + 1), offset);
        }
        int end = offset;
        while (end < text.length() && end - offset < 40 && Character.isLetterOrDigit(text.charAt(end))) {
            end++;
        }
        return shown(text.substring(offset, Math.max(end, offset + 1)), offset);
    }

    private String shown(String found, int offset) {
        boolean secret = !open.isEmpty() && isSecret(open.get(open.size() - 1).spot(), offset);
        return secret ? Shown.SECRET : Shown.text(found);
    }

    // Where the text breaks behind the admin's token, or near the table's password, nobody can tell whether this is
    // a part of it.
    private boolean isSecret(Spot around, int offset) {
        boolean behindToken = text.lastIndexOf("\"token\"", offset) >= text.lastIndexOf("\"admin\"", offset);
        return around.isSecret() || around.isInTable() || (around.isAdmin() && behindToken);
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

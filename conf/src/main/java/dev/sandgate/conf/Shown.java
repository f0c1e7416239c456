package dev.sandgate.conf;

import java.util.regex.Pattern;

/** Text from a config file as a terminal and a log may show it: short, and without characters that act. */
final class Shown {

    /** In place of a value that may be a secret. */
    static final String SECRET = "a value that is not shown";

    private static final int LONGEST = 120;
    private static final Pattern REFERENCE = Pattern.compile("\"\\$\\{(env|file):[^\"{}]*\\}\"");

    private Shown() {}

    /** A value of the file as it may be told of; of a secret, only where it comes from. */
    static String value(Spot spot, String raw) {
        boolean secret = spot.isSecret() || (spot.isTableUrl() && raw.contains("@"));
        return secret && !REFERENCE.matcher(raw).matches() ? SECRET : raw;
    }

    static String text(String raw) {
        String cut = raw.length() <= LONGEST ? raw : raw.substring(0, LONGEST) + "…";
        StringBuilder shown = new StringBuilder(cut.length());
        for (int i = 0; i < cut.length(); i++) {
            char c = cut.charAt(i);
            if (acts(c)) {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return shown.toString();
    }

    /** Controls, direction marks, line separators and halves of characters. */
    private static boolean acts(char c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}

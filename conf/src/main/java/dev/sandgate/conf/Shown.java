package dev.sandgate.conf;

/** Text from a config file as a terminal and a log may show it: short, and without characters that act. */
final class Shown {

    private static final int LONGEST = 120;

    private Shown() {}

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

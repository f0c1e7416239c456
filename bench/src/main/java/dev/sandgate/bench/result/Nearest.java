package dev.sandgate.bench.result;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The known word that a misspelt one most likely stands for. */
final class Nearest {

    private static final int LONGEST = 64;

    private Nearest() {}

    /** {@code ; did you mean "x"?}, or nothing where none is near. */
    static String hint(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return "";
        }
        String lower = word.toLowerCase(Locale.ROOT);
        int most = Math.max(1, word.length() / 3);
        return known.stream()
                .filter(candidate -> edits(lower, candidate.toLowerCase(Locale.ROOT)) <= most)
                .min(Comparator.comparingInt(candidate -> edits(lower, candidate.toLowerCase(Locale.ROOT))))
                .map(candidate -> "; did you mean \"" + candidate + "\"?")
                .orElse("");
    }

    /** How many characters must come, go or change (Levenshtein). */
    private static int edits(String a, String b) {
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], last[j]));
            }
            last = row;
        }
        return last[b.length()];
    }
}

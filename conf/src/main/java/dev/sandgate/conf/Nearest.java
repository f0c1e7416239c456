package dev.sandgate.conf;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The known word that a misspelt one most likely stands for. */
final class Nearest {

    private static final int LONGEST = 64;

    private Nearest() {}

    /** The word that begins so, or else the one with the fewest edits, without case; empty where all are too far. */
    static Optional<String> to(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        for (String candidate : known) {
            if (word.length() >= 3 && candidate.toLowerCase(Locale.ROOT).startsWith(word.toLowerCase(Locale.ROOT))) {
                return Optional.of(candidate);
            }
        }
        String nearest = "";
        int fewest = Math.max(2, word.length() / 3) + 1;
        for (String candidate : known) {
            int edits = edits(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            // Two edits turn any short word into any other.
            if (edits < fewest && edits < candidate.length() - 1) {
                fewest = edits;
                nearest = candidate;
            }
        }
        return nearest.isEmpty() ? Optional.empty() : Optional.of(nearest);
    }

    /** {@code ; did you mean "x"?}, or nothing. */
    static String hint(String word, Collection<String> known) {
        return to(word, known).map(near -> "; did you mean \"" + near + "\"?").orElse("");
    }

    /** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
    private static int edits(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
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
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}

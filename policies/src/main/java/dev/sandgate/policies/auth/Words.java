package dev.sandgate.policies.auth;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringTokenizer;

/** Scopes as one text (RFC 6749 section 3.3). */
final class Words {

    private Words() {}

    /** The words between its blanks. */
    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        StringTokenizer each = new StringTokenizer(text, " ");
        while (each.hasMoreTokens()) {
            words.add(each.nextToken());
        }
        return words;
    }
}

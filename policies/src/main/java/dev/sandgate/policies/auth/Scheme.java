package dev.sandgate.policies.auth;

import java.util.Optional;

/** The schemes of {@code Authorization} (RFC 9110 section 11.4): a name in any case, blanks, the credential. */
enum Scheme {
    BEARER("Bearer"),
    API_KEY("ApiKey");

    /** The field. */
    static final String FIELD = "authorization";

    private final String word;

    Scheme(String word) {
        this.word = word;
    }

    /** As a challenge names it. */
    String word() {
        return word;
    }

    /** What stands behind this scheme, perhaps nothing; empty: it is another scheme. */
    Optional<String> credential(String value) {
        int end = word.length();
        if (!value.regionMatches(true, 0, word, 0, end)) {
            return Optional.empty();
        }
        if (value.length() == end) {
            return Optional.of("");
        }
        if (value.charAt(end) != ' ') {
            return Optional.empty();
        }
        while (end < value.length() && value.charAt(end) == ' ') {
            end++;
        }
        return Optional.of(value.substring(end));
    }

    /** Whether it looks like a signed token (RFC 7515 section 3.1): three parts. What it is else, only a check tells. */
    static boolean looksLikeToken(String credential) {
        int first = credential.indexOf('.');
        int second = credential.indexOf('.', first + 1);
        return first >= 0 && second > first && credential.indexOf('.', second + 1) < 0;
    }
}

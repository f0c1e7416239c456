package dev.sandgate.proxy.rewrite;

import java.util.Locale;

/**
 * URLs in the fields of an answer, made such that the client comes back by them. What is not the instance's own, or
 * nothing that clients can reach, stays as it is. For one answer.
 *
 * @param paths the route's
 * @param client the host that the client asked, perhaps with a port, as it wrote it
 * @param instance the instance's own host and port
 */
record References(PathChanges paths, String client, String instance) {

    /** @param reference a URI reference (RFC 3986 section 4.1), without blanks around it */
    String back(String reference) {
        int authority = authorityStart(reference);
        if (authority < 0) {
            return reference.startsWith("/") ? moved("", reference) : reference;
        }
        int path = end(reference, authority, "/?#\\");
        String named = reference.substring(authority, path);
        if (isSame(named, instance)) {
            // its address is nobody's business outside, and nobody there could reach it
            return moved("", reference.substring(path), reference);
        }
        return isSame(named, client) ? moved(reference.substring(0, path), reference.substring(path)) : reference;
    }

    private static int authorityStart(String reference) {
        for (String before : new String[] {"//", "http://", "https://"}) {
            if (reference.regionMatches(true, 0, before, 0, before.length())) {
                return before.length();
            }
        }
        return -1;
    }

    private static int end(String text, int from, String ends) {
        int at = from;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static boolean isSame(String authority, String other) {
        return withoutUsualPort(authority).equals(withoutUsualPort(other));
    }

    // Which of the two is usual depends on a scheme that the instance may not know rightly.
    private static String withoutUsualPort(String authority) {
        return authority.toLowerCase(Locale.ROOT).replaceFirst(":(80|443)$", "");
    }

    private String moved(String before, String reference) {
        return moved(before, reference, before + reference);
    }

    private String moved(String before, String reference, String otherwise) {
        int end = end(reference, 0, "?#");
        String path = end == 0 ? "/" : reference.substring(0, end);
        if (!path.startsWith("/")) {
            return otherwise;
        }
        return paths.reaches(path) ? before + paths.back(path) + reference.substring(end) : otherwise;
    }
}

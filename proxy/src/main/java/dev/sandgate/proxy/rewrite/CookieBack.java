package dev.sandgate.proxy.rewrite;

import java.util.Locale;

/**
 * An instance's cookies, made such that they come back from the client (RFC 6265 section 5.2): their path is the
 * client's, and a domain that is not its host's is left out. For one answer.
 *
 * @param paths the route's
 * @param client the name of the host that the client asked, lower case, without a port
 * @param instance the same of the instance's own address
 */
record CookieBack(PathChanges paths, String client, String instance) {

    private static final String WHOLE_HOST = "__host-";

    /** @param line a value of {@code Set-Cookie} */
    String of(String line) {
        int end = line.indexOf(';');
        if (end < 0) {
            return line;
        }
        StringBuilder made = new StringBuilder(line.length() + 16).append(line, 0, end);
        // browsers take these with the path "/" alone
        boolean fixed = line.stripLeading().toLowerCase(Locale.ROOT).startsWith(WHOLE_HOST);
        while (end < line.length()) {
            int from = end + 1;
            int next = line.indexOf(';', from);
            end = next < 0 ? line.length() : next;
            attribute(line.substring(from, end), fixed, made);
        }
        return made.toString();
    }

    private void attribute(String attribute, boolean fixed, StringBuilder made) {
        int equals = attribute.indexOf('=');
        String name = (equals < 0 ? attribute : attribute.substring(0, equals)).strip();
        String value = equals < 0 ? "" : attribute.substring(equals + 1).strip();
        if (name.equalsIgnoreCase("path") && value.startsWith("/") && !fixed) {
            made.append("; Path=").append(paths.backOfCookie(value));
        } else if (!name.equalsIgnoreCase("domain") || value.isEmpty() || covers(value.toLowerCase(Locale.ROOT))) {
            made.append(';').append(attribute);
        }
    }

    private boolean covers(String domain) {
        String name = domain.startsWith(".") ? domain.substring(1) : domain;
        boolean instances = name.equals(instance) && !name.equals(client);
        return !instances && (client.equals(name) || client.endsWith("." + name));
    }
}

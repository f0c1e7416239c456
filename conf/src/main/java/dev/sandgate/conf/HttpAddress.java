package dev.sandgate.conf;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before the path of an http or https URL.
 *
 * @param scheme {@code http} or {@code https}
 * @param host in its one spelling; an IPv6 address in brackets
 * @param port 1 to 65535; the scheme's own where none was said
 */
record HttpAddress(String scheme, String host, int port) {

    private static final Pattern URL =
            Pattern.compile("(?i)(https?)://(\\[[0-9a-f:.]{2,45}\\]|[a-z0-9.-]{1,253})(?::([0-9]{1,5}))?/?");
    private static final Pattern NO_SCHEME = Pattern.compile("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?");

    /** @param likely the scheme that is meant where none was said */
    static Optional<HttpAddress> read(Value value, String expected, String likely) {
        Optional<String> text = value.text(expected);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher parts = URL.matcher(text.get());
        if (!parts.matches()) {
            return value.refuse(expected, hint(text.get(), likely));
        }
        Optional<String> host = Addresses.hostOfUrl(parts.group(2));
        if (host.isEmpty()) {
            return value.refuse(expected, "; the host is no IP address and no host name");
        }
        Optional<HttpAddress> address = plain(text.get());
        return address.isEmpty() ? value.refuse(expected, " with a port from 1 to 65535") : address;
    }

    /** The same of a text; empty where it is none. */
    static Optional<HttpAddress> plain(String text) {
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        int port = Optional.ofNullable(parts.group(3)).map(Integer::parseInt).orElse(usual(scheme));
        return Addresses.hostOfUrl(parts.group(2))
                .filter(host -> port >= 1 && port <= 65535)
                .map(host -> new HttpAddress(scheme, host, port));
    }

    private static int usual(String scheme) {
        return scheme.equals("http") ? 80 : 443;
    }

    private static String hint(String text, String likely) {
        if (NO_SCHEME.matcher(text).matches()) {
            return "; did you mean \"" + likely + "://" + text + "\"?";
        }
        if (text.contains("*")) {
            return "; each one by its name";
        }
        if (text.contains("@")) {
            return ", without user and password";
        }
        if (text.contains("_")) {
            return "; a host name has no \"_\"";
        }
        boolean more = text.startsWith("http") && text.indexOf('/', "https://".length()) > 0;
        return more || text.contains("?") || text.contains("#") ? ", without a path or query" : "";
    }

    /** Always with the port: {@code https://example.com:443}. */
    String withPort() {
        return scheme + "://" + host + ":" + port;
    }

    /** As a client sends it in {@code Origin} (RFC 6454, 6.2): the scheme's own port is left out. */
    String origin() {
        return port == usual(scheme) ? scheme + "://" + host : withPort();
    }
}

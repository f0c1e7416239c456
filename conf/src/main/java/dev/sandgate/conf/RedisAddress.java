package dev.sandgate.conf;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shape of a Redis server's address, with what people put into it elsewhere refused by name. */
final class RedisAddress {

    static final int PORT = 6379;
    static final int SENTINEL_PORT = 26379;

    private static final String EXPECTED = "\"redis://host:port\", or \"rediss://host:port\" for TLS";
    private static final Pattern URL =
            Pattern.compile("(?i)(rediss?)://(\\[[0-9a-f:.]{2,45}\\]|[a-z0-9.-]{1,253})(?::([0-9]{1,5}))?/?");
    private static final Pattern NO_SCHEME = Pattern.compile("[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?");

    private RedisAddress() {}

    /** Read, it is in its one spelling, with its port: this one where none is said. */
    static Shape<URI> url(int usual) {
        return Shape.of(EXPECTED, value -> read(value, usual));
    }

    private static Optional<URI> read(Value value, int usual) {
        Optional<String> text = value.text(EXPECTED);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher parts = URL.matcher(text.get());
        if (!parts.matches()) {
            return value.refuse(EXPECTED + hint(text.get()));
        }
        Optional<String> host = Addresses.hostOfUrl(parts.group(2));
        int port = Optional.ofNullable(parts.group(3)).map(Integer::parseInt).orElse(usual);
        if (host.isEmpty()) {
            return value.refuse(EXPECTED, "; the host is no IP address and no host name");
        }
        if (port < 1 || port > 65535) {
            return value.refuse(EXPECTED, "; a port is a number from 1 to 65535");
        }
        return Optional.of(URI.create(parts.group(1).toLowerCase(Locale.ROOT) + "://" + host.get() + ":" + port));
    }

    /** Of fixed words only, for the text may hold a password. */
    private static String hint(String text) {
        if (text.contains("@")) {
            return "; user and password have keys of their own";
        }
        if (text.startsWith("redis") && text.indexOf('/', "rediss://".length()) > 0) {
            return "; the database has a key of its own";
        }
        return NO_SCHEME.matcher(text).matches() ? ", with its scheme" : "";
    }
}

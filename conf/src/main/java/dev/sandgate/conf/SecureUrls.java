package dev.sandgate.conf;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shapes of URLs that others must not tamper with: https, and http only on this machine. */
final class SecureUrls {

    private static final Pattern URL = Pattern.compile(
            "(?i)(https?)://(\\[[0-9a-f:.]{2,45}\\]|[a-z0-9.-]{1,253})(?::([0-9]{1,5}))?([/?][!-~&&[^#]]*)?");
    private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.*");

    private SecureUrls() {}

    /** @param what it leads to, with its article */
    static Shape<URI> of(String what) {
        String expected = "the https URL of " + what;
        return Shape.of(expected, value -> value.text(expected).flatMap(text -> read(value, text, expected)));
    }

    /** Whether this is rather a URL than the path of a file. */
    static boolean hasScheme(String text) {
        return SCHEME.matcher(text).matches();
    }

    /** The URL as it was written: clients compare it letter by letter. */
    static Optional<URI> read(Value value, String text, String expected) {
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            return value.refuse(expected, hint(text));
        }
        Optional<String> host = Addresses.hostOfUrl(parts.group(2));
        if (host.isEmpty()) {
            return value.refuse(expected, "; the host is no IP address and no host name");
        }
        int port = Optional.ofNullable(parts.group(3)).map(Integer::parseInt).orElse(443);
        if (port < 1 || port > 65535) {
            return value.refuse(expected, " with a port from 1 to 65535");
        }
        String bare =
                host.get().startsWith("[") ? host.get().substring(1, host.get().length() - 1) : host.get();
        if (parts.group(1).equalsIgnoreCase("http") && !Addresses.isLoopback(bare)) {
            return value.refuse(
                    expected,
                    "; over http anybody on the way may change what it says, so only a loopback address may have"
                            + " that");
        }
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException unfit) {
            return value.refuse(expected);
        }
    }

    private static String hint(String text) {
        if (text.contains("#")) {
            return ", without a fragment";
        }
        if (text.contains("@")) {
            return ", without user and password";
        }
        boolean host = !text.contains("/") && !text.contains(":") && text.contains(".");
        return host && !text.contains(" ") ? "; did you mean \"https://" + text + "\"?" : "";
    }
}

package dev.sandgate.conf;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names of HTTP fields (RFC 9110, 5.1) may stand where. */
final class HeaderNames {

    static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

    /** Fields that mean something to every hop, or hold a secret: no session id. */
    private static final Set<String> NO_SESSION = Set.of(
            "accept",
            "accept-encoding",
            "authorization",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "cookie",
            "date",
            "expect",
            "forwarded",
            "host",
            "http2-settings",
            "keep-alive",
            "origin",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "referer",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-sandgate-instance");

    private HeaderNames() {}

    static boolean mayHoldASession(String name) {
        return !NO_SESSION.contains(name.toLowerCase(Locale.ROOT));
    }
}

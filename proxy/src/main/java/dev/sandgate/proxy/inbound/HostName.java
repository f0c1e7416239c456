package dev.sandgate.proxy.inbound;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import java.util.Locale;

/**
 * An authority as a client named it (RFC 9110 section 7.2): a registered name or IP literal and perhaps a port, never a
 * user.
 *
 * @param text as received
 * @param name for routing: lower case, without port and trailing dot; an IPv6 literal keeps its brackets
 */
public record HostName(String text, String name) {

    static final HostName NONE = new HostName("", "");

    /**
     * Checks the syntax.
     *
     * @throws Fault {@link Reason#HOST_INVALID}
     */
    public static HostName parse(String text) {
        int end = text.startsWith("[") ? literalEnd(text) : nameEnd(text);
        if (end <= 0 || !portIsValid(text, end)) {
            throw Fault.of(Reason.HOST_INVALID);
        }
        int length = end > 1 && text.charAt(end - 1) == '.' ? end - 1 : end;
        return new HostName(text, text.substring(0, length).toLowerCase(Locale.ROOT));
    }

    private static int nameEnd(String text) {
        int at = 0;
        boolean dot = true;
        while (at < text.length() && text.charAt(at) != ':') {
            char c = text.charAt(at++);
            boolean letter = Syntax.isAlphanumeric(c) || c == '-' || c == '_';
            if (!letter && (c != '.' || dot)) {
                return -1;
            }
            dot = c == '.';
        }
        return at > 255 ? -1 : at;
    }

    private static int literalEnd(String text) {
        int close = text.indexOf(']');
        if (close < 3 || close > 46) {
            return -1;
        }
        int colons = 0;
        for (int at = 1; at < close; at++) {
            char c = text.charAt(at);
            boolean hex = Syntax.isAlphanumeric(c) && (c | 0x20) <= 'f';
            if (!hex && c != ':' && c != '.') {
                return -1;
            }
            colons += c == ':' ? 1 : 0;
        }
        return colons < 2 ? -1 : close + 1;
    }

    private static boolean portIsValid(String text, int at) {
        if (at == text.length()) {
            return true;
        }
        int digits = text.length() - at - 1;
        if (text.charAt(at) != ':' || digits > 5) {
            return false;
        }
        int port = 0;
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + (c - '0');
        }
        return port <= 65535;
    }
}

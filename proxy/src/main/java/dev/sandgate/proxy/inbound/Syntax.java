package dev.sandgate.proxy.inbound;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;

/** The grammar of names and values (RFC 9110 section 5). No allocation. */
public final class Syntax {

    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '!'; c < 0x7F; c++) {
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
        }
    }

    private Syntax() {}

    /** One or more of RFC 9110's tchar. */
    public static boolean isToken(CharSequence text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c >= 128 || !TOKEN[c]) {
                return false;
            }
        }
        return text.length() > 0;
    }

    /** Printable ASCII, blanks and tabs, no blank at either end; may be empty. */
    public static boolean isValue(CharSequence text) {
        int length = text.length();
        for (int at = 0; at < length; at++) {
            char c = text.charAt(at);
            if ((c < 0x20 && c != '\t') || c >= 0x7F) {
                return false;
            }
        }
        return length == 0 || (text.charAt(0) > ' ' && text.charAt(length - 1) > ' ');
    }

    /** As {@link #isValue}, and bytes over 0x7F pass: browsers send cookies in every encoding (RFC 9110 section 5.5). */
    public static boolean isOpaqueValue(CharSequence text) {
        int length = text.length();
        return isAnswerValue(text) && (length == 0 || (text.charAt(0) > ' ' && text.charAt(length - 1) > ' '));
    }

    /** Bytes over 0x7F, printable ASCII, blanks and tabs; answers carry file names in every encoding. */
    public static boolean isAnswerValue(CharSequence text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
                return false;
            }
        }
        return true;
    }

    /** An ASCII letter or digit. */
    public static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    }

    /** Compares with lower-case ASCII. */
    public static boolean equalsIgnoreCase(String lower, CharSequence text) {
        if (lower.length() != text.length()) {
            return false;
        }
        for (int at = 0; at < lower.length(); at++) {
            char c = text.charAt(at);
            if ((c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c) != lower.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    /**
     * A {@code Content-Length}: digits only, at most 18.
     *
     * @throws Fault {@link Reason#REQUEST_MALFORMED}
     */
    public static long length(CharSequence text) {
        long value = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < '0' || c > '9' || at == 18) {
                throw Fault.of(
                        Reason.REQUEST_MALFORMED, "Content-Length is not understood (expected: up to 18 digits)");
            }
            value = value * 10 + (c - '0');
        }
        if (text.length() == 0) {
            throw Fault.of(Reason.REQUEST_MALFORMED, "Content-Length is empty (expected: digits)");
        }
        return value;
    }
}

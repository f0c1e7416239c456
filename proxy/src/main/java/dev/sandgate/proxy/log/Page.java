package dev.sandgate.proxy.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Log lines of one event loop, as JSON in UTF-8, before they are written. Filled and cleared again: no garbage. */
public final class Page {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[16 * 1024];
    private int length;
    private int lines;
    private boolean first;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    int lines() {
        return lines;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    /** Whether it is time to hand it over. */
    public boolean isFull() {
        return length > 12 * 1024;
    }

    void clear() {
        length = 0;
        lines = 0;
    }

    public Page begin() {
        raw('{');
        first = true;
        return this;
    }

    public void end() {
        raw('}');
        raw('\n');
        lines++;
    }

    /** A text; empty ones are left out. */
    public Page text(String name, String value) {
        if (!value.isEmpty()) {
            name(name);
            raw('"');
            escaped(value);
            raw('"');
        }
        return this;
    }

    public Page number(String name, long value) {
        name(name);
        digits(value);
        return this;
    }

    /** An instant: its text down to the second, and its milliseconds. */
    public Page time(String name, String second, int millis) {
        name(name);
        raw('"');
        escaped(second);
        raw('.');
        thousandths(millis);
        raw('Z');
        raw('"');
        return this;
    }

    /** Nanoseconds, told as milliseconds with three decimals. */
    public Page millis(String name, long nanos) {
        name(name);
        long micros = Math.max(0, nanos / 1000);
        digits(micros / 1000);
        raw('.');
        thousandths((int) (micros % 1000));
        return this;
    }

    private void thousandths(int value) {
        raw((char) ('0' + value / 100));
        raw((char) ('0' + value / 10 % 10));
        raw((char) ('0' + value % 10));
    }

    /** Bytes, told as hexadecimal digits. */
    public Page hex(String name, byte[] value, int count) {
        name(name);
        raw('"');
        for (int at = 0; at < count; at++) {
            raw((char) HEX[value[at] >> 4 & 15]);
            raw((char) HEX[value[at] & 15]);
        }
        raw('"');
        return this;
    }

    private void name(String name) {
        if (!first) {
            raw(',');
        }
        first = false;
        raw('"');
        for (int at = 0; at < name.length(); at++) {
            raw(name.charAt(at));
        }
        raw('"');
        raw(':');
    }

    // All that is logged is ASCII by the gate's check, or was refused: anything else is told as an escape.
    private void escaped(String value) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '"' || c == '\\') {
                raw('\\');
                raw(c);
            } else if (c < 0x20 || c >= 0x7F) {
                raw('\\');
                raw('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    raw((char) HEX[c >> shift & 15]);
                }
            } else {
                raw(c);
            }
        }
    }

    private void digits(long value) {
        if (value < 0) {
            raw('-');
            digits(-value);
            return;
        }
        long power = 1;
        while (value / power >= 10) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            raw((char) ('0' + value / power % 10));
        }
    }

    private void raw(char ascii) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * length);
        }
        bytes[length++] = (byte) ascii;
    }
}

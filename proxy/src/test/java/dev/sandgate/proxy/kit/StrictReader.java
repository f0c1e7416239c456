package dev.sandgate.proxy.kit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1.1 messages as RFC 9112 tells a sender to write them, and takes nothing else: no bare CR or LF, no
 * folding, no chunk extension, no second Host. One byte at a time, on the caller's thread.
 */
final class StrictReader {

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern REQUEST_LINE = Pattern.compile("([^ ]+) ([!-~]+) HTTP/1\\.1");
    // A refusal may repeat the version that was asked for.
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/(1\\.[01]|[0-9]\\.[0-9]{1,2}(?= [45])) ([1-9][0-9]{2}) ([\\t -~\\x80-\\xff]*)");
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[-0-9A-Za-z._~%!$&'()*+,;=]+)(:[0-9]{0,5})?");
    private static final Pattern VALUE = Pattern.compile("[\\t -~\\x80-\\xff]*");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9A-Fa-f]{1,15}");
    private static final int LONGEST_LINE = 1 << 20;

    private final InputStream in;

    StrictReader(InputStream in) {
        this.in = in;
    }

    /** The next request's head; empty where the connection ended before its first byte. */
    Optional<SeenHead> requestHead(int connection) throws IOException {
        Optional<String> first = firstLine();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        var line = REQUEST_LINE.matcher(first.get());
        if (!line.matches()
                || !TOKEN.matcher(line.group(1)).matches()
                || line.group(2).contains("#")) {
            throw new Malformed("request line: " + first.get());
        }
        String method = line.group(1);
        String target = line.group(2);
        boolean asterisk = method.equals("OPTIONS") && target.equals("*");
        if (!target.startsWith("/") && !asterisk) {
            throw new Malformed("target: " + target);
        }
        Fields fields = fields();
        List<String> hosts = fields.all("Host");
        if (hosts.size() != 1 || !HOST.matcher(hosts.get(0)).matches()) {
            throw new Malformed("Host: " + hosts);
        }
        return Optional.of(new SeenHead(method, target, fields, connection));
    }

    /** The next answer's head, without a body; empty where the connection ended before its first byte. */
    Optional<Answer> answerHead() throws IOException {
        Optional<String> first = firstLine();
        if (first.isEmpty()) {
            return Optional.empty();
        }
        var line = STATUS_LINE.matcher(first.get());
        if (!line.matches()) {
            throw new Malformed("status line: " + first.get());
        }
        int status = Integer.parseInt(line.group(2));
        Fields fields = fields();
        if (line.group(1).equals("1.0") && fields.has("Transfer-Encoding")) {
            throw new Malformed("Transfer-Encoding in an HTTP/1.0 answer");
        }
        return Optional.of(new Answer(status, line.group(3), fields, "", Fields.NONE, false, List.of()));
    }

    /** Reads a body to its end, gathering it as it comes; returns the trailers. */
    Fields body(Framing framing, ByteArrayOutputStream into) throws IOException {
        switch (framing.kind()) {
            case LENGTH -> copy(framing.length(), into);
            case CHUNKED -> {
                return chunks(into);
            }
            case TO_END -> {
                for (int b = in.read(); b >= 0; b = in.read()) {
                    into.write(b);
                }
            }
            case NONE -> {}
        }
        return Fields.NONE;
    }

    private Fields chunks(ByteArrayOutputStream into) throws IOException {
        while (true) {
            String size = line(next());
            if (!CHUNK_SIZE.matcher(size).matches()) {
                throw new Malformed("chunk size: " + size);
            }
            long length = Long.parseLong(size, 16);
            if (length == 0) {
                return fields();
            }
            copy(length, into);
            if (next() != '\r' || next() != '\n') {
                throw new Malformed("no CRLF after a chunk");
            }
        }
    }

    private void copy(long length, ByteArrayOutputStream into) throws IOException {
        for (long left = length; left > 0; left--) {
            into.write(next());
        }
    }

    private Fields fields() throws IOException {
        List<Fields.Field> fields = new ArrayList<>();
        for (String line = line(next()); !line.isEmpty(); line = line(next())) {
            int colon = line.indexOf(':');
            if (colon < 0 || !TOKEN.matcher(line.substring(0, colon)).matches()) {
                throw new Malformed("field line: " + line);
            }
            String value = line.substring(colon + 1);
            if (!VALUE.matcher(value).matches()) {
                throw new Malformed("field value: " + line);
            }
            fields.add(new Fields.Field(line.substring(0, colon), withoutPadding(value)));
        }
        return new Fields(fields);
    }

    private static String withoutPadding(String value) {
        return value.replaceAll("^[ \\t]+|[ \\t]+$", "");
    }

    private Optional<String> firstLine() throws IOException {
        int first = in.read();
        return first < 0 ? Optional.empty() : Optional.of(line(first));
    }

    /** The line that begins with this byte, up to its CRLF. */
    private String line(int first) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = first; b != '\r'; b = next()) {
            if (b == '\n' || line.size() == LONGEST_LINE) {
                throw new Malformed(b == '\n' ? "bare LF" : "a line without an end");
            }
            line.write(b);
        }
        if (next() != '\n') {
            throw new Malformed("bare CR");
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private int next() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("cut in the middle of a message");
        }
        return b;
    }
}

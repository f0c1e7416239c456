package dev.sandgate.affinity.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A connection to a real Redis that waits for each answer. For one thread. */
final class WorldWire implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    WorldWire(String url) {
        try {
            socket =
                    new Socket(InetAddress.getLoopbackAddress(), URI.create(url).getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** One command; its answer, which may be an error. */
    WorldReply ask(String... words) {
        return ask(List.of(List.of(words))).get(0);
    }

    /** All at once; their answers in the same order. */
    List<WorldReply> ask(List<List<String>> commands) {
        StringBuilder text = new StringBuilder();
        for (List<String> words : commands) {
            text.append('*').append(words.size()).append("\r\n");
            for (String word : words) {
                text.append('$')
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
        }
        return exchange(text.toString().getBytes(ISO_8859_1), commands.size());
    }

    /** Commands as they are sent. */
    List<WorldReply> exchange(byte[] encoded, int count) {
        try {
            socket.getOutputStream().write(encoded);
            List<WorldReply> answers = new ArrayList<>(count);
            for (int at = 0; at < count; at++) {
                answers.add(read());
            }
            return answers;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private WorldReply read() throws IOException {
        int kind = in.read();
        String line = line();
        return switch (kind) {
            case '+' -> new WorldReply(ResponseType.SIMPLE, line, List.of());
            case '-' -> new WorldReply(ResponseType.ERROR, line, List.of());
            case ':' -> new WorldReply(ResponseType.NUMBER, line, List.of());
            case '$' -> new WorldReply(ResponseType.BULK, bytes(Integer.parseInt(line)), List.of());
            case '*' -> new WorldReply(ResponseType.MULTI, "", parts(Integer.parseInt(line)));
            default -> throw new EOFException("Redis said " + (char) kind + line);
        };
    }

    private String bytes(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        String text = new String(in.readNBytes(length), ISO_8859_1);
        in.skipNBytes(2);
        return text;
    }

    private List<Response> parts(int count) throws IOException {
        List<Response> parts = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            parts.add(read());
        }
        return parts;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("Redis hung up");
            }
            line.append((char) next);
        }
        in.read();
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

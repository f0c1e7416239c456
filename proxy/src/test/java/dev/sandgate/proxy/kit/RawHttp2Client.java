package dev.sandgate.proxy.kit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * An HTTP/2 client that sends frames as it is told, right or wrong, by prior knowledge. Answers are read on a thread of
 * its own; settings and pings are acknowledged, flow control lets everything come.
 */
public final class RawHttp2Client implements AutoCloseable {

    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int LARGEST_FRAME = 16 * 1024;
    private static final int WINDOW = 1 << 30;
    private static final int INITIAL_WINDOW_SIZE = 4;

    private final Socket socket;
    private final Hpack hpack = new Hpack();
    private final Http2Window window = new Http2Window();
    private final Map<Integer, Http2Stream> streams = new HashMap<>();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private OptionalLong goAway = OptionalLong.empty();
    private boolean closed;
    private int nextStream = 1;

    private RawHttp2Client(Socket socket) {
        this.socket = socket;
    }

    /** Connects to this port of 127.0.0.1, and sends preface and settings. */
    public static RawHttp2Client to(int port) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Await.PATIENCE.toMillis());
            return over(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Goes on over a connection that was made elsewhere, such as one with TLS, and sends preface and settings. */
    public static RawHttp2Client over(Socket connected) throws IOException {
        connected.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        RawHttp2Client client = new RawHttp2Client(connected);
        client.frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW_SIZE, WINDOW));
        client.frame(WINDOW_UPDATE, 0, 0, integer(WINDOW));
        Thread reader = new Thread(client::read, "http2 client");
        reader.setDaemon(true);
        reader.start();
        return client;
    }

    /** Opens a stream with these fields, pseudo-fields included, and returns its id. */
    public int open(Fields fields, boolean end) {
        int stream = nextStream;
        nextStream += 2;
        headers(stream, fields, end);
        return stream;
    }

    /** A header block on this stream, with as many CONTINUATION frames as it needs: a head, or trailers. */
    public void headers(int stream, Fields fields, boolean end) {
        byte[] all = Hpack.literal(fields);
        int from = 0;
        do {
            int count = Math.min(LARGEST_FRAME, all.length - from);
            byte[] part = new byte[count];
            System.arraycopy(all, from, part, 0, count);
            int flags = from + count == all.length ? END_HEADERS : 0;
            if (from == 0) {
                frame(HEADERS, end ? flags | END_STREAM : flags, stream, part);
            } else {
                frame(CONTINUATION, flags, stream, part);
            }
            from += count;
        } while (from < all.length);
    }

    /** One DATA frame of at most 16 KiB, one byte a char. */
    public void data(int stream, String data, boolean end) {
        frame(DATA, end ? END_STREAM : 0, stream, data.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A whole body in as many DATA frames as it needs, each when the door's flow control allows it. */
    public void upload(int stream, String body, boolean end) {
        int from = 0;
        while (from < body.length()) {
            int start = from;
            int[] taken = new int[1];
            Await.until(
                    () -> {
                        taken[0] = window.take(stream, Math.min(LARGEST_FRAME, body.length() - start));
                        return taken[0] > 0 || closed();
                    },
                    () -> "the door takes no more of stream " + stream + ": " + stream(stream));
            if (closed()) {
                return;
            }
            from += taken[0];
            data(stream, body.substring(start, from), end && from == body.length());
        }
    }

    public void reset(int stream, int code) {
        frame(RST_STREAM, 0, stream, integer(code));
    }

    /** Sends a frame, or nothing where the door has hung up. */
    public void frame(int type, int flags, int stream, byte[] payload) {
        byte[] frame = ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >>> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
        try {
            synchronized (socket) {
                socket.getOutputStream().write(frame);
            }
        } catch (IOException hungUp) {
            markClosed();
        }
    }

    /** The stream once it has ended or was reset, or as far as it came when the connection ended. */
    public Http2Stream awaitEnd(int stream) {
        return await(stream, Http2Stream::over);
    }

    /** The stream once it fits, or as far as it came when the connection ended. */
    public Http2Stream await(int stream, Predicate<Http2Stream> fits) {
        Await.until(() -> closed() || fits.test(stream(stream)), () -> "stream " + stream + ": " + stream(stream));
        return stream(stream);
    }

    public synchronized Http2Stream stream(int stream) {
        return streams.getOrDefault(stream, Http2Stream.NEW);
    }

    /** The error code of the door's GOAWAY. */
    public synchronized OptionalLong goAway() {
        return goAway;
    }

    /** Whether the door has closed the connection. */
    public synchronized boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void read() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt() & 0x7fffffff;
                byte[] payload = new byte[length];
                in.readFully(payload);
                take(type, flags, stream, payload);
            }
        } catch (IOException ended) {
            markClosed();
        }
    }

    private void take(int type, int flags, int stream, byte[] payload) throws IOException {
        switch (type) {
            case DATA -> {
                String text = new String(unpadded(flags, payload), StandardCharsets.ISO_8859_1);
                change(stream, flags, stream(stream).withData(text));
                if (payload.length > 0) {
                    frame(WINDOW_UPDATE, 0, 0, integer(payload.length));
                }
            }
            case HEADERS, CONTINUATION -> {
                block.writeBytes(type == HEADERS ? withoutPriority(flags, unpadded(flags, payload)) : payload);
                if ((flags & END_HEADERS) != 0) {
                    Fields fields = hpack.read(stream, block.toByteArray());
                    block.reset();
                    change(stream, flags, withBlock(stream(stream), fields));
                }
            }
            case RST_STREAM -> change(stream, 0, stream(stream).withReset(unsigned(payload, 0)));
            case SETTINGS, PING -> {
                if ((flags & ACK) == 0) {
                    noteWindow(type, payload);
                    frame(type, ACK, 0, type == PING ? payload : new byte[0]);
                }
            }
            case WINDOW_UPDATE -> window.grow(stream, unsigned(payload, 0));
            case GOAWAY -> markGoAway(unsigned(payload, 4));
            default -> {}
        }
    }

    private void noteWindow(int type, byte[] payload) {
        for (int at = 0; type == SETTINGS && at < payload.length; at += 6) {
            if (ByteBuffer.wrap(payload).getShort(at) == INITIAL_WINDOW_SIZE) {
                window.initial(unsigned(payload, at + 2));
            }
        }
    }

    private static Http2Stream withBlock(Http2Stream stream, Fields fields) {
        return fields.first(":status")
                .map(status -> stream.withHead(Integer.parseInt(status), fields))
                .orElseGet(() -> stream.withTrailers(fields));
    }

    private static byte[] unpadded(int flags, byte[] payload) {
        if ((flags & PADDED) == 0) {
            return payload;
        }
        byte[] rest = new byte[payload.length - 1 - (payload[0] & 0xff)];
        System.arraycopy(payload, 1, rest, 0, rest.length);
        return rest;
    }

    private static byte[] withoutPriority(int flags, byte[] payload) {
        if ((flags & PRIORITY) == 0) {
            return payload;
        }
        byte[] rest = new byte[payload.length - 5];
        System.arraycopy(payload, 5, rest, 0, rest.length);
        return rest;
    }

    /** END_STREAM on a HEADERS frame whose block goes on in CONTINUATION frames is not told apart: answers are short. */
    private synchronized void change(int stream, int flags, Http2Stream next) {
        streams.put(stream, (flags & END_STREAM) == 0 ? next : next.withEnd());
    }

    private synchronized void markGoAway(long code) {
        goAway = OptionalLong.of(code);
    }

    private synchronized void markClosed() {
        closed = true;
    }

    private static long unsigned(byte[] payload, int at) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(payload).getInt(at));
    }

    private static byte[] integer(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    private static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }
}

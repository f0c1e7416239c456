package dev.sandgate.proxy.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A socket's input that remembers every byte, and gives up where none comes in time. Read by one thread, seen by any. */
final class Transcript extends InputStream {

    private final Socket socket;
    private final InputStream in;
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[16 * 1024];
    private int from;
    private int to;
    private long deadlineNanos;
    private boolean bounded;
    private volatile boolean waiting;

    Transcript(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /** From now on, all reads together may take this long. */
    void within(Duration patience) {
        deadlineNanos = System.nanoTime() + patience.toNanos();
        bounded = true;
    }

    @Override
    public int read() throws IOException {
        if (from == to && !fill()) {
            return -1;
        }
        return buffer[from++] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        if (from == to && !fill()) {
            return -1;
        }
        int taken = Math.min(count, to - from);
        System.arraycopy(buffer, from, into, offset, taken);
        from += taken;
        return taken;
    }

    private boolean fill() throws IOException {
        if (bounded) {
            long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("nothing came in time");
            }
            socket.setSoTimeout((int) left);
        }
        waiting = true;
        int count = in.read(buffer);
        waiting = false;
        if (count < 0) {
            return false;
        }
        from = 0;
        to = count;
        synchronized (seen) {
            seen.write(buffer, 0, count);
        }
        return true;
    }

    /** Whether the reader waits, and nothing lies in the socket for it. */
    boolean drained() {
        try {
            return waiting && in.available() == 0;
        } catch (IOException closed) {
            return false;
        }
    }

    /** Everything so far, one char a byte. */
    String text() {
        synchronized (seen) {
            return seen.toString(StandardCharsets.ISO_8859_1);
        }
    }
}

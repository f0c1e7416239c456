package dev.sandgate.proxy.kit;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One connection between an instance and the door, as a script plays on it. The instance's thread for it. */
public final class Line {

    private final Socket socket;
    private final Transcript transcript;
    private boolean over;
    private volatile boolean betweenRequests = true;

    Line(Socket socket, Transcript transcript) {
        this.socket = socket;
        this.transcript = transcript;
    }

    /** Writes these chars, one byte each. */
    public void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Ends both directions in order. */
    public void close() throws IOException {
        over = true;
        socket.close();
    }

    /** Ends both directions with a reset. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        close();
    }

    /** Says nothing more until the door hangs up; what it sends meanwhile is recorded and not read. */
    public void stall() throws IOException {
        over = true;
        while (transcript.read() >= 0) {}
        socket.close();
    }

    /** Waits for an event of the test, within its patience. */
    public void await(CountDownLatch event) throws IOException {
        try {
            if (!event.await(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the test's event never came");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    /** Whether the last request was answered and not a byte of the next has come. */
    boolean quiet() {
        return betweenRequests && transcript.drained();
    }

    void betweenRequests(boolean now) {
        betweenRequests = now;
    }

    void cut() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException alreadyGone) {
            // It was closed by the other side.
        }
    }

    boolean over() {
        return over;
    }
}

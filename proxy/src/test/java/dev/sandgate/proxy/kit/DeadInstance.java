package dev.sandgate.proxy.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** An address that nobody can connect to, and that nobody else can take while this is open. */
public final class DeadInstance implements AutoCloseable {

    private static final int FILL_TIMEOUT_MILLIS = 150;
    private static final int MOST_FILLERS = 64;

    private final int port;
    private final List<AutoCloseable> held;

    private DeadInstance(int port, List<AutoCloseable> held) {
        this.port = port;
        this.held = held;
    }

    /** Refuses each connection at once. */
    public static DeadInstance refusing() {
        return refusingAt(0);
    }

    /** The same on a port that was free a moment ago: an instance that died. */
    public static DeadInstance refusingAt(int port) {
        try {
            Socket bound = new Socket();
            bound.setReuseAddress(true);
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new DeadInstance(bound.getLocalPort(), List.of(bound));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Leaves each connection attempt without any answer: its queue is full, and nobody accepts. */
    public static DeadInstance silent() {
        List<AutoCloseable> held = new ArrayList<>();
        try {
            ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(server);
            for (int i = 0; i < MOST_FILLERS; i++) {
                Socket filler = new Socket();
                held.add(filler);
                filler.connect(server.getLocalSocketAddress(), FILL_TIMEOUT_MILLIS);
            }
            throw new IllegalStateException("the queue takes more than " + MOST_FILLERS);
        } catch (SocketTimeoutException full) {
            return new DeadInstance(((ServerSocket) held.get(0)).getLocalPort(), held);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Override
    public void close() {
        for (AutoCloseable each : held) {
            try {
                each.close();
            } catch (Exception failed) {
                throw new IllegalStateException(failed);
            }
        }
    }
}

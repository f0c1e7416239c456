package dev.sandgate.proxy.kit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/**
 * An instance that records every byte the door sends it, reads requests strictly, and answers each whole one by its
 * script. One thread a connection; its own methods may be called from any.
 */
public final class RecordingInstance implements AutoCloseable {

    /** What is done with a head before its body is read. */
    @FunctionalInterface
    public interface HeadScript {
        void play(SeenHead head, Line line) throws IOException;
    }

    private final ServerSocket server;
    private final String scheme;
    private final AtomicInteger accepted = new AtomicInteger();
    private final Map<Integer, Line> open = new ConcurrentHashMap<>();
    private final Set<Integer> knocks = ConcurrentHashMap.newKeySet();
    private final Journal<Transcript> transcripts = new Journal<>();
    private final Journal<SeenHead> heads = new Journal<>();
    private final Journal<SeenRequest> requests = new Journal<>();
    private final Journal<String> malformed = new Journal<>();
    private final Thread acceptor;
    private volatile Script script = Script.echo();
    private volatile HeadScript headScript = (head, line) -> {};

    private RecordingInstance(ServerSocket server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        this.acceptor = new Thread(this::accept, "instance " + server.getLocalPort());
        acceptor.setDaemon(true);
    }

    /** Listens on a free port of 127.0.0.1 and answers by {@link Script#echo()}. */
    public static RecordingInstance start() {
        return startAt(0);
    }

    /** The same on a port that was free a moment ago: an instance that comes back. */
    public static RecordingInstance startAt(int port) {
        return start(ServerSocketFactory.getDefault(), port, "http");
    }

    /** The same, with TLS. */
    public static RecordingInstance startTls(SSLContext certificate) {
        return start(certificate.getServerSocketFactory(), 0, "https");
    }

    private static RecordingInstance start(ServerSocketFactory sockets, int port, String scheme) {
        try {
            ServerSocket server = sockets.createServerSocket(port, 200, InetAddress.getLoopbackAddress());
            RecordingInstance instance = new RecordingInstance(server, scheme);
            instance.acceptor.start();
            return instance;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public RecordingInstance answering(Script next) {
        script = next;
        return this;
    }

    /** Also plays this on each head, before its body is read: for early answers and hang-ups in the middle. */
    public RecordingInstance onHead(HeadScript next) {
        headScript = next;
        return this;
    }

    public int port() {
        return server.getLocalPort();
    }

    public URI url() {
        return urlAt("127.0.0.1");
    }

    /** Its url by another name of this machine. */
    public URI urlAt(String host) {
        return URI.create(scheme + "://" + host + ":" + port());
    }

    /** The first whole request, past or coming. */
    public SeenRequest awaitRequest() {
        return awaitRequest(any -> true);
    }

    public SeenRequest awaitRequest(Predicate<SeenRequest> fits) {
        return requests.await(fits, "request");
    }

    /** The first head, past or coming, whether or not its body ever ends. */
    public SeenHead awaitHead(Predicate<SeenHead> fits) {
        return heads.await(fits, "head");
    }

    public List<SeenHead> heads() {
        return heads.all();
    }

    /** The whole requests so far. */
    public List<SeenRequest> requests() {
        return requests.all();
    }

    /** What the door sent against RFC 9112; each ended its connection. */
    public List<String> malformed() {
        return malformed.all();
    }

    /** All that came, one text a connection, one char a byte. */
    public List<String> received() {
        return transcripts.all().stream().map(Transcript::text).toList();
    }

    /** Connections accepted since the start. */
    public int accepted() {
        return accepted.get();
    }

    /** Connections open now. */
    public int connections() {
        return open.size();
    }

    /** Returns once exactly so many connections are open. */
    public void awaitConnections(int count) {
        Await.until(() -> connections() == count, () -> connections() + " connections are open, not " + count);
    }

    /**
     * Returns once everything that the door has sent was read: the last connection accepted, and each open one between
     * two requests. Call it when the door is at rest.
     */
    public void awaitQuiet() {
        try (Socket knock = new Socket()) {
            knock.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int number = knock.getLocalPort();
            knocks.add(number);
            knock.connect(server.getLocalSocketAddress());
            Await.until(() -> !knocks.contains(number), () -> "the instance accepts nobody");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        // Looked at twice: a byte that was just taken from the socket is in nobody's sight for a moment.
        for (int look = 0; look < 2; look++) {
            Await.until(this::quiet, () -> "half a request stands on an open connection: " + heads());
        }
    }

    private boolean quiet() {
        return open.values().stream().allMatch(Line::quiet);
    }

    /** Forgets what was recorded; open connections go on. */
    public void forget() {
        heads.clear();
        requests.clear();
        malformed.clear();
        transcripts.clear();
    }

    /** Ends every open connection with a reset, and goes on listening. */
    public void resetAll() {
        open.values().forEach(Line::cut);
    }

    /** Its port is free again when this returns. */
    @Override
    public void close() {
        try {
            server.close();
            acceptor.join(Await.PATIENCE.toMillis());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        resetAll();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                if (knocks.remove(socket.getPort())) {
                    socket.close();
                    continue;
                }
                socket.setTcpNoDelay(true);
                int number = accepted.incrementAndGet();
                Transcript transcript = new Transcript(socket);
                Line line = new Line(socket, transcript);
                transcripts.add(transcript);
                open.put(number, line);
                daemon("instance " + port() + " connection " + number, () -> serve(number, socket, transcript, line));
            } catch (IOException stopped) {
                return;
            }
        }
    }

    private void serve(int number, Socket socket, Transcript transcript, Line line) {
        try (socket) {
            serveAll(number, new StrictReader(transcript), line);
        } catch (IOException gone) {
            // A request cut in the middle stays among the heads, and never comes among the requests.
        } finally {
            open.remove(number);
        }
    }

    private void serveAll(int number, StrictReader reader, Line line) throws IOException {
        try {
            while (!line.over() && serveOne(number, reader, line)) {}
        } catch (Malformed refused) {
            malformed.add(String.valueOf(refused.getMessage()));
        }
    }

    private boolean serveOne(int number, StrictReader reader, Line line) throws IOException {
        Optional<SeenHead> head = reader.requestHead(number);
        if (head.isEmpty()) {
            return false;
        }
        line.betweenRequests(false);
        heads.add(head.get());
        headScript.play(head.get(), line);
        if (line.over()) {
            return false;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Fields trailers = reader.body(Framing.ofRequest(head.get().fields()), body);
        SeenRequest request = new SeenRequest(head.get(), body.toString(StandardCharsets.ISO_8859_1), trailers);
        requests.add(request);
        script.play(request, line);
        line.betweenRequests(true);
        return true;
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}

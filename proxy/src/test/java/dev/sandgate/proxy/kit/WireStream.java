package dev.sandgate.proxy.kit;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request on a connection of its own, whose answer is read as it comes: first its head, then its events or its
 * body. A thread of its own reads strictly; every wait is bounded by {@link Await#PATIENCE}.
 */
public final class WireStream implements AutoCloseable {

    private final Socket socket;
    private final Transcript transcript;
    private final String method;
    private final CompletableFuture<Answer> head = new CompletableFuture<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();
    private final BlockingQueue<SseEvent> events = new LinkedBlockingQueue<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final Body body = new Body(new SseParser(events::add, comments::add));

    private WireStream(Socket socket, String method) throws IOException {
        this.socket = socket;
        this.transcript = new Transcript(socket);
        this.method = method;
    }

    /** Sends a request with these field lines, without CRLF; a body that is not empty gets its length. */
    public static WireStream send(int port, String method, String target, List<String> lines, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        if (lines.stream().noneMatch(line -> line.regionMatches(true, 0, "Host:", 0, 5))) {
            text.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        lines.forEach(line -> text.append(line).append("\r\n"));
        if (bytes.length > 0) {
            text.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        text.append("\r\n");
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            int patience = (int) Await.PATIENCE.toMillis();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patience);
            WireStream stream = new WireStream(socket, method);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(text.toString().getBytes(StandardCharsets.ISO_8859_1));
            all.writeBytes(bytes);
            socket.getOutputStream().write(all.toByteArray());
            Thread reader = new Thread(stream::read, "wire " + method + " " + target);
            reader.setDaemon(true);
            reader.start();
            return stream;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private void read() {
        StrictReader reader = new StrictReader(transcript);
        try {
            Answer answer = finalHead(reader);
            head.complete(answer);
            reader.body(Framing.ofAnswer(method, answer.status(), answer.fields()), body);
            end.complete(true);
        } catch (IOException | AssertionError cut) {
            head.completeExceptionally(cut);
            if (cut instanceof Malformed) {
                end.completeExceptionally(cut);
            } else {
                end.complete(false);
            }
        }
    }

    private static Answer finalHead(StrictReader reader) throws IOException {
        while (true) {
            Answer answer = reader.answerHead().orElseThrow(() -> new IOException("hung up without an answer"));
            if (answer.status() >= 200) {
                return answer;
            }
        }
    }

    /** Its head, without the body. */
    public Answer head() {
        return within(head, "head");
    }

    public int status() {
        return head().status();
    }

    /** The next event; fails where none comes, or the stream ends before. */
    public SseEvent event() {
        return event(Await.PATIENCE).orElseThrow(() -> new AssertionError("no event came; so far: " + heard()));
    }

    /** The next event, if one comes in this time and before the stream's end. */
    public Optional<SseEvent> event(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                boolean last = end.isDone() || System.nanoTime() - deadline > 0;
                SseEvent event = events.poll(last ? 0 : 5, TimeUnit.MILLISECONDS);
                if (event != null || last) {
                    return Optional.ofNullable(event);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /** The next JSON-RPC message; events without data are passed over. */
    public JsonObject message() {
        while (true) {
            SseEvent event = event();
            if (!event.data().isEmpty()) {
                return new JsonObject(event.data());
            }
        }
    }

    /** Comment lines so far, without the colon. */
    public List<String> comments() {
        return List.copyOf(comments);
    }

    /** Waits for the end; false: it was cut. */
    public boolean awaitEnd() {
        return within(end, "end");
    }

    public boolean over() {
        return end.isDone();
    }

    /** The body to its end, whole or not. */
    public String body() {
        awaitEnd();
        return body.text();
    }

    /** All that came so far, the head too, one char a byte. */
    public String heard() {
        return transcript.text();
    }

    /** Hangs up with a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyGone) {
            return;
        }
        close();
    }

    /** Hangs up. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private <T> T within(CompletableFuture<T> future, String what) {
        try {
            return future.get(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError("no " + what + ": " + failed.getCause() + "; so far: " + heard(), failed);
        } catch (TimeoutException late) {
            throw new AssertionError("no " + what + " in time; so far: " + heard(), late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /** Every byte of the body, given to the parser as it comes. */
    private static final class Body extends ByteArrayOutputStream {

        private final SseParser parser;

        Body(SseParser parser) {
            this.parser = parser;
        }

        @Override
        public synchronized void write(int b) {
            super.write(b);
            parser.take(b);
        }

        synchronized String text() {
            return toString(StandardCharsets.UTF_8);
        }
    }
}

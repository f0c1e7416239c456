package dev.sandgate.proxy.kit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client that sends bytes and reads answers strictly. One thread; every wait is bounded by {@link Await#PATIENCE}. */
public final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final Transcript transcript;
    private final StrictReader reader;
    private Duration patience = Await.PATIENCE;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.transcript = new Transcript(socket);
        this.reader = new StrictReader(transcript);
    }

    /** Connects to this port of 127.0.0.1. */
    public static RawClient to(int port) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Await.PATIENCE.toMillis());
            return new RawClient(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Connects to this port of 127.0.0.1 from another address of this machine, such as 127.0.0.2. */
    public static RawClient from(String source, int port) {
        return from(source, "127.0.0.1", port);
    }

    /** Connects from one address of this machine to another. */
    public static RawClient from(String source, String target, int port) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.bind(new InetSocketAddress(InetAddress.getAllByName(source)[0], 0));
            socket.connect(
                    new InetSocketAddress(InetAddress.getAllByName(target)[0], port), (int) Await.PATIENCE.toMillis());
            return new RawClient(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Goes on over a connection that was made elsewhere, such as one with TLS. */
    public static RawClient over(Socket connected) {
        try {
            return new RawClient(connected);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** How long each later wait may take. */
    public RawClient patience(Duration next) {
        patience = next;
        return this;
    }

    /** Sends these chars, one byte each. */
    public RawClient send(String bytes) {
        if (!offer(bytes)) {
            throw new AssertionError("the door hung up; it had said: " + heard());
        }
        return this;
    }

    /** A GET of this target, with more field lines, each ended by CRLF. */
    public RawClient get(String target, String... lines) {
        return send("GET " + target + " HTTP/1.1\r\nHost: a.test\r\n" + String.join("", lines) + "\r\n");
    }

    /** Sends what the door still takes; false where it has hung up. */
    public boolean offer(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (IOException hungUp) {
            return false;
        }
    }

    /** Ends the sending direction alone. */
    public RawClient halfClose() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException hungUp) {
            return this;
        }
    }

    /** The next answer, to a request whose method is not HEAD. */
    public Answer answer() {
        return answer("GET").orElseThrow(() -> new AssertionError("the door hung up without an answer"));
    }

    /**
     * The next final answer to a request of this method; empty where the door hung up before its first byte.
     *
     * @throws UncheckedIOException around {@link Malformed} where the door sent what is not an answer
     */
    public Optional<Answer> answer(String method) {
        transcript.within(patience);
        List<Integer> interim = new ArrayList<>();
        try {
            while (true) {
                Optional<Answer> head = reader.answerHead();
                if (head.isEmpty()) {
                    return head;
                }
                int status = head.get().status();
                if (status >= 200 || status == 101) {
                    return Optional.of(withBody(method, head.get(), interim));
                }
                interim.add(status);
            }
        } catch (SocketTimeoutException late) {
            throw new AssertionError("no answer in " + patience + "; so far: " + heard(), late);
        } catch (Malformed | EOFException broken) {
            throw new UncheckedIOException("after " + heard(), broken);
        } catch (IOException reset) {
            return Optional.empty();
        }
    }

    private Answer withBody(String method, Answer head, List<Integer> interim) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Fields trailers = Fields.NONE;
        boolean whole = true;
        try {
            trailers = reader.body(Framing.ofAnswer(method, head.status(), head.fields()), body);
        } catch (SocketTimeoutException | Malformed notOver) {
            throw notOver;
        } catch (IOException cut) {
            whole = false;
        }
        String text = body.toString(StandardCharsets.ISO_8859_1);
        return new Answer(head.status(), head.reason(), head.fields(), text, trailers, whole, List.copyOf(interim));
    }

    /** Every further answer to a GET until the door hangs up. */
    public List<Answer> answersToTheEnd() {
        List<Answer> answers = new ArrayList<>();
        for (Optional<Answer> next = answer("GET"); next.isPresent(); next = answer("GET")) {
            answers.add(next.get());
        }
        return answers;
    }

    /** Reads exactly so many bytes, whatever they are; fails where the door hangs up before. */
    public String bytes(int count) {
        transcript.within(patience);
        StringBuilder text = new StringBuilder();
        try {
            for (int i = 0; i < count; i++) {
                int b = transcript.read();
                if (b < 0) {
                    throw new EOFException("the door hung up");
                }
                text.append((char) b);
            }
            return text.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException("after " + text, failed);
        }
    }

    /** Returns once the door has hung up; fails where it sends anything instead. */
    public void awaitHangUp() {
        transcript.within(patience);
        try {
            int b = transcript.read();
            if (b >= 0) {
                throw new AssertionError("instead of hanging up the door went on: " + heard());
            }
        } catch (SocketTimeoutException late) {
            throw new AssertionError("the door does not hang up; it said: " + heard(), late);
        } catch (IOException reset) {
            return;
        }
    }

    /** Reads until this has come, and returns all of it. */
    public String bytesUntil(String end) {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            text.append(bytes(1));
        }
        return text.toString();
    }

    /** Whatever comes until the door hangs up, in order or not; one char a byte. */
    public String bytesToTheEnd() {
        transcript.within(patience);
        StringBuilder text = new StringBuilder();
        try {
            for (int b = transcript.read(); b >= 0; b = transcript.read()) {
                text.append((char) b);
            }
        } catch (SocketTimeoutException late) {
            throw new AssertionError("the door does not hang up; it said: " + heard(), late);
        } catch (IOException reset) {
            return text.toString();
        }
        return text.toString();
    }

    /** All that came so far, one char a byte. */
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

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}

package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.Noise;
import dev.sandgate.proxy.kit.DoorProcess;
import dev.sandgate.proxy.kit.Invariants;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Large bodies whose reader stops twice, through a door with little memory: they arrive whole, and the door holds
 * almost nothing of them. {@code -Dslow.bytes=1073741824} makes them large in earnest.
 */
@Timeout(300)
final class SlowReaderTest {

    private static final long BYTES = Long.getLong("slow.bytes", 64L << 20);
    private static final Duration STOP = Duration.ofSeconds(BYTES < 1 << 30 ? 1 : 3);
    /** Heap and direct memory, and what a virtual machine needs besides. */
    private static final long MOST_MEBIBYTES = 300;

    private static final int SOCKET_TIMEOUT_MILLIS = 60_000;

    @RegisterExtension
    final Invariants kit = new Invariants();

    @TempDir
    Path folder;

    @Test
    void bringsADownloadWholeToAClientThatStopsReading() throws Exception {
        Sandboxes sandboxes = kit.own(new Sandboxes(1, 0));
        DoorProcess door = kit.own(smallDoor(sandboxes.urls()[0], folder));
        try (Socket client = connect(door.port())) {
            client.getOutputStream().write(bytes("GET /bytes?n=" + BYTES + " HTTP/1.1\r\nHost: a.test\r\n\r\n"));
            InputStream in = client.getInputStream();
            assertThat(head(in)).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-length: " + BYTES + "\r\n");
            readNoise(in, door);
        }
        isWell(door);
    }

    @Test
    void bringsAnUploadWholeToAnInstanceThatStopsReading() throws Exception {
        ServerSocket instance = kit.own(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        URI url = URI.create("http://127.0.0.1:" + instance.getLocalPort());
        DoorProcess door = kit.own(smallDoor(url, folder));
        CompletableFuture<String> seen = CompletableFuture.supplyAsync(() -> takeUpload(instance, door));
        try (Socket client = connect(door.port())) {
            OutputStream out = client.getOutputStream();
            out.write(bytes("PUT /sink HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + BYTES + "\r\n\r\n"));
            for (long sent = 0; sent < BYTES; ) {
                int count = (int) Math.min(64 * 1024, BYTES - sent);
                out.write(Noise.piece(sent, count).getBytes());
                sent += count;
            }
            assertThat(head(client.getInputStream())).startsWith("HTTP/1.1 204 ");
        }
        assertThat(seen.join()).containsIgnoringCase("content-length: " + BYTES + "\r\n");
        isWell(door);
    }

    /** Reads one upload slowly, every byte checked, and answers it; the head that came with it. */
    /** With little memory: what it holds too much of, it dies of. */
    private static DoorProcess smallDoor(URI instance, Path folder) throws IOException {
        String config = "{'listeners': {'public': {'host': '127.0.0.1', 'port': 0}},"
                + "'pools': {'main': {'instances': {'type': 'static', 'urls': ['" + instance + "']}}},"
                + "'routes': [{'name': 'all', 'pool': 'main'}]}";
        Path file = Files.writeString(folder.resolve("door.json"), config.replace('\'', '"'));
        return DoorProcess.start(file, "-Xmx64m", "-XX:MaxDirectMemorySize=64m");
    }

    private static String takeUpload(ServerSocket instance, DoorProcess door) {
        try (Socket socket = instance.accept()) {
            socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
            String head = head(socket.getInputStream());
            readNoise(socket.getInputStream(), door);
            socket.getOutputStream().write(bytes("HTTP/1.1 204 No Content\r\n\r\n"));
            return head;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Reads as many bytes as there are, compares each, and reads nothing for a while after each third. */
    private static void readNoise(InputStream in, DoorProcess door) throws IOException {
        byte[] piece = new byte[64 * 1024];
        int stops = 0;
        for (long read = 0; read < BYTES; ) {
            int count = in.read(piece, 0, (int) Math.min(piece.length, BYTES - read));
            if (count < 0) {
                throw new EOFException("only " + read + " bytes came");
            }
            if (!Arrays.equals(piece, 0, count, Noise.piece(read, count).getBytes(), 0, count)) {
                throw new AssertionError("wrong bytes between " + read + " and " + (read + count));
            }
            read += count;
            if (stops < 2 && read > BYTES / 3 * (stops + 1)) {
                stops++;
                assertThat(door.endsWithin(STOP)).as("it dies: " + door.said()).isFalse();
            }
        }
    }

    private static void isWell(DoorProcess door) throws IOException {
        assertThat(door.endsWithin(Duration.ZERO)).isFalse();
        assertThat(door.said()).noneMatch(line -> line.contains("OutOfMemory") || line.contains("ERROR"));
        long peak = door.peakMebibytes();
        System.err.println("slow reader: " + BYTES + " bytes, the door's peak was " + peak + " MiB");
        assertThat(peak).isLessThan(MOST_MEBIBYTES);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        return socket;
    }

    /** Up to the empty line, byte by byte. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("hung up after " + head);
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

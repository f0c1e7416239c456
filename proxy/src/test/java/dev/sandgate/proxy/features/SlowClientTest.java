package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client that takes its answer more slowly than the instance gives it, and has hung up. */
final class SlowClientTest {

    private static final int SIZE = 16 * 1024 * 1024;
    private static final int LAST = 6 * 1024 * 1024;
    private static final int STEP = 64 * 1024;
    private static final long PACE_NANOS = 1_000_000;

    @RegisterExtension
    final Invariants kit = new Invariants();

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.0 200 OK\\r\\nContent-Length: 16777216, '', '', ''",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 16777216\\r\\nConnection: close, '', '', ''",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 16777216, '', '', ''",
        "HTTP/1.0 200 OK, '', '', \\r\\n0\\r\\n\\r\\n",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked, 1000000\\r\\n, \\r\\n0\\r\\n\\r\\n, \\r\\n0\\r\\n\\r\\n"
    })
    void getsTheWholeAnswerOfAnInstanceThatHungUpLongAgo(String head, String before, String after, String end)
            throws Exception {
        String answer = lines(head) + "\r\n\r\n" + lines(before) + "x".repeat(SIZE) + lines(after);
        CountDownLatch gone = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering((request, line) -> {
            Script.rawThenClose(answer).play(request, line);
            gone.countDown();
        });
        String got = read(kit.open(DoorPlan.to(instance)).port(), gone);

        assertThat(got.chars().skip(got.indexOf("\r\n\r\n")).filter(c -> c == 'x'))
                .hasSize(SIZE);
        assertThat(got).endsWith(end.isEmpty() ? "xxx" : lines(end));
    }

    // Fast at first, so that the sockets' buffers grow; then not at all until the instance has hung up; then slowly.
    private static String read(int port, CountDownLatch gone) throws Exception {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(STEP);
            socket.setSoTimeout(8000);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 8000);
            socket.getOutputStream()
                    .write("GET /big HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            var got = new ByteArrayOutputStream(SIZE + STEP);
            byte[] piece = new byte[STEP];
            for (int n = 0; n >= 0; n = socket.getInputStream().read(piece)) {
                got.write(piece, 0, n);
                if (got.size() > SIZE - LAST) {
                    assertThat(gone.await(8, TimeUnit.SECONDS)).isTrue();
                    LockSupport.parkNanos(PACE_NANOS);
                }
            }
            return got.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static String lines(String escaped) {
        return escaped.replace("\\r\\n", "\r\n");
    }
}

package dev.sandgate.proxy.speed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sandgate.conf.LimitsConfig;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.TestDoor;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What a known session's request costs in garbage, against the bare pass-through, in one JVM, on the loops' threads.
 * Bytes, not time: the figure is the same on a busy machine.
 */
class AllocationTest {

    private static final int WARM = 6000;
    private static final int COUNTED = 4000;
    private static final int ROUNDS = 5;

    private static final byte[] REQUEST = """
            GET /count HTTP/1.1
            Host: door.test
            User-Agent: a-client/1.0
            Accept: application/json
            Accept-Encoding: identity
            Accept-Language: en
            X-Session-Id: a-session-of-36-characters-0123456789
            Content-Type: application/json
            Cache-Control: no-cache
            X-Trace: 0af7651916cd43dd8448eb211c80319c

            """.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);

    private static final byte[] ANSWER = """
            HTTP/1.1 200 OK
            Content-Type: application/json
            Content-Length: 14
            Cache-Control: no-store
            Date: Sun, 01 Nov 2026 00:00:00 GMT
            Server: an-instance/1.0
            X-Count: 1

            {"count":1234}""".replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void aPinnedGetAllocatesLittleMoreThanABarePassThrough() throws Exception {
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try (ServerSocket instance = instance();
                BarePassThrough bare = BarePassThrough.to(instance.getLocalPort());
                // each connection waits while the other is busy, longer than the kit's doors let it
                TestDoor door = TestDoor.open(DoorPlan.toUrls(URI.create("http://127.0.0.1:" + instance.getLocalPort()))
                        .limits(LimitsConfig.DEFAULT));
                Socket throughBare = connected(bare.port());
                Socket throughDoor = connected(door.port())) {
            int bareLength = answerLength(throughBare);
            int doorLength = answerLength(throughDoor);
            ask(throughBare, bareLength, WARM);
            ask(throughDoor, doorLength, WARM);
            double[] bareBytes = new double[ROUNDS];
            double[] doorBytes = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                bareBytes[round] = bytesPerRequest(throughBare, bareLength);
                doorBytes[round] = bytesPerRequest(throughDoor, doorLength);
            }
            Arrays.sort(bareBytes);
            Arrays.sort(doorBytes);
            double ratio = doorBytes[ROUNDS / 2] / bareBytes[ROUNDS / 2];
            System.err.printf(
                    "bytes allocated per pinned GET: door %.0f, bare pass-through %.0f, ratio %.3f%n",
                    doorBytes[ROUNDS / 2], bareBytes[ROUNDS / 2], ratio);
            assertThat(ratio).isLessThanOrEqualTo(1.25);
        } finally {
            ResourceLeakDetector.setLevel(before);
        }
    }

    @Test
    void aPinnedGetInAVariantOfASplitAllocatesLittleMoreThanOneWithoutASplit() throws Exception {
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        try (ServerSocket instance = instance()) {
            URI url = URI.create("http://127.0.0.1:" + instance.getLocalPort());
            double plain = median(DoorPlan.toUrls(url));
            double variant = median(DoorPlan.toUrls(url).pool(PoolPlan.named("next", url)).split("next", 100));
            System.err.printf(
                    "bytes allocated per pinned GET: %.0f, in a variant of a split %.0f%n", plain, variant);
            assertThat(variant / plain).isLessThanOrEqualTo(1.05);
        } finally {
            ResourceLeakDetector.setLevel(before);
        }
    }

    private static double median(DoorPlan plan) throws IOException {
        try (TestDoor door = TestDoor.open(plan);
                Socket client = connected(door.port())) {
            int length = answerLength(client);
            ask(client, length, WARM);
            double[] bytes = new double[3];
            for (int round = 0; round < bytes.length; round++) {
                bytes[round] = bytesPerRequest(client, length);
            }
            Arrays.sort(bytes);
            return bytes[1];
        }
    }

    private static double bytesPerRequest(Socket client, int answerLength) throws IOException {
        long before = allocatedByLoops();
        ask(client, answerLength, COUNTED);
        return (allocatedByLoops() - before) / (double) COUNTED;
    }

    private static long allocatedByLoops() {
        long sum = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("vert.x-eventloop")) {
                sum += THREADS.getThreadAllocatedBytes(thread.getId());
            }
        }
        return sum;
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        return socket;
    }

    // Every answer has the same length but for ids of fixed length, so one read by hand tells how long they are.
    private static int answerLength(Socket client) throws IOException {
        client.getOutputStream().write(REQUEST);
        byte[] buffer = new byte[8192];
        int length = 0;
        InputStream in = client.getInputStream();
        while (!new String(buffer, 0, length, StandardCharsets.US_ASCII).endsWith("{\"count\":1234}")) {
            length += in.read(buffer, length, buffer.length - length);
        }
        return length;
    }

    private static void ask(Socket client, int answerLength, int times) throws IOException {
        byte[] buffer = new byte[answerLength];
        OutputStream out = client.getOutputStream();
        InputStream in = client.getInputStream();
        for (int time = 0; time < times; time++) {
            out.write(REQUEST);
            if (in.readNBytes(buffer, 0, answerLength) != answerLength) {
                throw new IOException("the answer was cut");
            }
        }
    }

    private static ServerSocket instance() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(() -> accept(server), "allocation-instance");
        accepting.setDaemon(true);
        accepting.start();
        return server;
    }

    private static void accept(ServerSocket server) {
        try {
            while (true) {
                Socket connection = server.accept();
                connection.setTcpNoDelay(true);
                Thread serving = new Thread(() -> serve(connection), "allocation-instance");
                serving.setDaemon(true);
                serving.start();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static void serve(Socket connection) {
        try (connection) {
            InputStream in = new java.io.BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            int end = 0;
            for (int b = in.read(); b >= 0; b = in.read()) {
                end = b == '\r' || b == '\n' ? end + 1 : 0;
                if (end == 4) {
                    out.write(ANSWER);
                    end = 0;
                }
            }
        } catch (IOException closed) {
            // the test is over
        }
    }
}

package dev.sandgate.proxy.domains;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What names leave in memory that no certificate is for. How many is told by {@code -Dnames}. */
final class UnknownNameMemoryTest {

    private static final int NAMES = Integer.getInteger("names", 400);
    private static final int WARM = 100;
    private static final long FLAT = 4L << 20;
    private static final byte ALERT = 21;
    private static final byte UNRECOGNIZED_NAME = 112;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Authority authority = new Authority("domains");

    @Test
    void aNameThatNobodyKnowsLeavesNothing(@TempDir Path folder) throws Exception {
        authority.sign("one.test").write(folder, "one");
        TestDoor door = kit.open(Tls.patient(kit.instance()).tls(Tls.folder(folder)));
        SSLContext context = authority.context();
        knock(door, context, 0, WARM);
        long before = usedHeap();
        knock(door, context, WARM, NAMES);
        long grown = usedHeap() - before;

        System.err.println("heap after " + NAMES + " unknown names: " + grown / 1024 + " KiB more");
        assertThat(grown).isLessThan(FLAT);
    }

    private static void knock(TestDoor door, SSLContext context, int from, int count) {
        AtomicInteger next = new AtomicInteger(from);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int client = 0; client < 2; client++) {
            clients.add(CompletableFuture.runAsync(() -> {
                for (int at = next.getAndIncrement(); at < from + count; at = next.getAndIncrement()) {
                    assertThat(answer(door.port(), hello(context, "u" + at + ".unknown.test")))
                            .startsWith(ALERT)
                            .endsWith(UNRECOGNIZED_NAME);
                }
            }));
        }
        CompletableFuture.allOf(clients.toArray(new CompletableFuture<?>[0])).join();
    }

    /** A client's first message. */
    private static byte[] hello(SSLContext context, String name) {
        try {
            SSLEngine engine = context.createSSLEngine(name, 443);
            engine.setUseClientMode(true);
            ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            byte[] hello = new byte[out.flip().remaining()];
            out.get(hello);
            return hello;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static byte[] answer(int port, byte[] hello) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(8_000);
            // no port is left waiting
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(hello);
            return socket.getInputStream().readAllBytes();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static long usedHeap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}

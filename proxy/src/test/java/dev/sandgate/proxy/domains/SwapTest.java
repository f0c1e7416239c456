package dev.sandgate.proxy.domains;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.TlsClient;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Certificates whose files change while they are served. */
final class SwapTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;

    private final Authority authority = new Authority("domains");
    private Signed first;

    SwapTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void write() {
        first = authority.sign("one.test");
        first.write(folder, "one");
    }

    private TestDoor door() {
        return kit.open(Tls.patient(kit.instance()).tls(Tls.folder(folder)));
    }

    private BigInteger serial(TestDoor door) {
        try {
            return shown(door, "one.test").getSerialNumber();
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void noHandshakeFailsWhileOneTakesTheOthersPlace() {
        TestDoor door = door();
        AtomicBoolean enough = new AtomicBoolean();
        Set<BigInteger> seen = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> load = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            load.add(CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    seen.add(serial(door));
                }
            }));
        }
        Await.until(() -> seen.contains(first.certificate().getSerialNumber()), () -> "nothing is served");
        Signed second = authority.sign("one.test");
        second.write(folder, "one");

        Await.until(() -> seen.contains(second.certificate().getSerialNumber()), () -> "still " + seen);
        enough.set(true);
        CompletableFuture.allOf(load.toArray(new CompletableFuture<?>[0])).join();
        assertThat(serial(door)).isEqualTo(second.certificate().getSerialNumber());
    }

    @Test
    void whatIsBrokenLeavesTheOldPairAndSaysSoAndWhatIsTakenOutIsServedNoMore() throws IOException {
        Signed other = authority.sign("other.test");
        Signed gone = authority.sign("gone.test");
        other.write(folder, "other");
        gone.write(folder, "gone");
        TestDoor door = door();
        assertThat(shown(door, "gone.test")).isEqualTo(gone.certificate());
        kit.log().expect("cannot be taken, the one before is served on");
        String whole = Files.readString(folder.resolve("one.pem"));
        Files.writeString(folder.resolve("one.pem"), whole.substring(0, 200));
        Files.writeString(
                folder.resolve("other.key"), authority.sign("other.test").keyPem());
        Files.delete(folder.resolve("gone.key"));
        Files.delete(folder.resolve("gone.pem"));

        Await.until(
                () -> told("one.pem: ends within a block") == 1
                        && told("other.key: the key is not that of the first certificate") == 1
                        && isRefused(door, "gone.test"),
                () -> kit.log().heard().toString());
        assertThat(shown(door, "one.test")).isEqualTo(first.certificate());
        assertThat(shown(door, "other.test")).isEqualTo(other.certificate());
    }

    private X509Certificate shown(TestDoor door, String name) throws IOException {
        return TlsClient.of(authority.context(), door.port(), name).shown();
    }

    private boolean isRefused(TestDoor door, String name) {
        try {
            shown(door, name);
            return false;
        } catch (IOException refused) {
            return true;
        }
    }

    private long told(String part) {
        return kit.log().heard().stream().filter(line -> line.contains(part)).count();
    }
}

package dev.sandgate.proxy.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.affinity.kit.ShelfContract;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Invariants;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class FolderShelfTest {

    private static Vertx vertx;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private Path state;

    private final List<FolderShelf> opened = new ArrayList<>();

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        told(vertx.close());
    }

    @BeforeEach
    void take(@TempDir Path folder) {
        state = folder;
    }

    @AfterEach
    void close() {
        opened.forEach(shelf -> told(shelf.close()));
    }

    private FolderShelf shelf(String kind) {
        FolderShelf shelf = new FolderShelf(vertx.createSharedWorkerExecutor("shelf-test", 1), state.resolve(kind));
        opened.add(shelf);
        return shelf;
    }

    private static <T> T told(Future<T> asked) {
        return Await.finished(asked);
    }

    @Test
    void isAShelf() {
        Shelf domains = shelf("domains");
        Shelf others = shelf("others");
        ShelfContract.assertHolds(kind -> kind.equals("domains") ? domains : others);
    }

    @Test
    void makesNoFolderBeforeThereIsARecord() {
        assertThat(told(shelf("domains").all())).isEmpty();
        assertThat(state.resolve("domains")).doesNotExist();
    }

    @Test
    void keepsItsRecordsOverARestart() {
        FolderShelf before = shelf("domains");
        told(before.put("a.example.com", Buffer.buffer("a"), 0));
        told(before.put("a.example.com", Buffer.buffer("b"), 1));
        told(before.close());
        assertThat(told(shelf("domains").all()))
                .containsExactlyEntriesOf(Map.of("a.example.com", new Item(2, Buffer.buffer("b"))));
    }

    @Test
    void letsNobodyElseRead() throws Exception {
        told(shelf("certificates").put("a.example.com", Buffer.buffer("secret"), 0));
        Path folder = state.resolve("certificates");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("a.example.com.record"))))
                .isEqualTo("rw-------");
    }

    @Test
    void letsOneOfManyWritersOfTheSameVersionThrough() {
        Shelf shelf = shelf("domains");
        List<Future<Boolean>> all = IntStream.range(0, 20)
                .mapToObj(writer -> shelf.put("a", Buffer.buffer("" + writer), 0))
                .toList();
        assertThat(all.stream().filter(FolderShelfTest::told)).hasSize(1);
    }

    @Test
    void leavesABrokenFileAloneAndSaysWhichItIs() throws Exception {
        Shelf shelf = shelf("domains");
        told(shelf.put("a.example.com", Buffer.buffer("whole"), 0));
        told(shelf.put("b.example.com", Buffer.buffer("cut in two"), 0));
        Path broken = state.resolve("domains").resolve("b.example.com.record");
        byte[] half = Files.readAllBytes(broken);
        Files.write(broken, Arrays.copyOf(half, half.length - 3));
        kit.log().expect(broken + " is broken");
        assertThat(told(shelf.all())).containsOnlyKeys("a.example.com");
        assertThat(told(shelf.all())).containsOnlyKeys("a.example.com");
        assertThat(kit.log().heard()).hasSize(1);
        assertThatThrownBy(() -> told(shelf.get("b.example.com"))).hasMessageContaining(broken.toString());
        assertThatThrownBy(() -> told(shelf.put("b.example.com", Buffer.buffer("new"), 0)))
                .hasMessageContaining(broken.toString());
        assertThat(Files.readAllBytes(broken)).hasSize(half.length - 3);
    }

    @Test
    void doesNotShareItsFolderWithAnotherNode() {
        told(shelf("domains").put("a", Buffer.buffer("a"), 0));
        assertThatThrownBy(() -> told(shelf("domains").all())).hasMessageContaining("in use by another node");
    }

    @Test
    void callsEachNameAFileOfItsOwn() {
        List<String> names = List.of("a", "A", "%41", "", ".", "..", "a/b", "~", "x".repeat(300), "x".repeat(301));
        assertThat(names.stream().map(RecordNames::file))
                .doesNotHaveDuplicates()
                .allMatch(file -> file.length() <= 200 && !file.contains("/") && !file.startsWith("."));
    }
}

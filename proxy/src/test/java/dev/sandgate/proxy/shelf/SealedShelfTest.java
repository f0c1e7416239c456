package dev.sandgate.proxy.shelf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.affinity.kit.ShelfContract;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.conf.TableConfig.IdKey;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Invariants;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SealedShelfTest {

    private static final IdKey OLD = new IdKey("old", "the secret of the tests before this one");
    private static final IdKey NEW = new IdKey("new", "the secret of the tests from now on....");

    private static Vertx vertx;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final MemoryTable table = new MemoryTable(Map.of(), System::nanoTime);

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        told(vertx.close());
    }

    private Shelf sealed(String kind, IdKey... keys) {
        return new SealedShelf(
                table.shelf(kind),
                kind,
                new RecordSeal(List.of(keys), kind),
                vertx.createSharedWorkerExecutor("sealed-shelf-test", 1));
    }

    private static <T> T told(Future<T> asked) {
        return Await.finished(asked);
    }

    @Test
    void isAShelf() {
        ShelfContract.assertHolds(kind -> sealed(kind, NEW));
    }

    @Test
    void hidesTheValueAndOpensItWithAnOlderKey() {
        Buffer value = Buffer.buffer("-----BEGIN PRIVATE KEY-----");
        told(sealed("certificates", OLD).put("a", value, 0));
        Buffer stored = told(table.shelf("certificates").get("a")).orElseThrow().value();
        assertThat(stored.toString("ISO-8859-1")).doesNotContain("PRIVATE");
        assertThat(stored.length()).isLessThanOrEqualTo(value.length() + RecordSeal.COSTS);
        assertThat(told(sealed("certificates", NEW, OLD).get("a"))).contains(new Item(1, value));
    }

    @Test
    void opensNoRecordUnderAnotherNameOrKind() {
        told(sealed("certificates", NEW).put("a", Buffer.buffer("a's"), 0));
        Buffer stored = told(table.shelf("certificates").get("a")).orElseThrow().value();
        told(table.shelf("certificates").put("b", stored, 0));
        told(table.shelf("accounts").put("a", stored, 0));
        assertThatThrownBy(() -> told(sealed("certificates", NEW).get("b")))
                .hasRootCauseInstanceOf(UnreadableRecord.class)
                .hasMessageContaining("the record b of certificates");
        assertThatThrownBy(() -> told(sealed("accounts", NEW).get("a"))).hasMessageContaining("of accounts");
    }

    @Test
    void leavesOutWhatNoKeyOpensAndSaysSoOnce() {
        told(sealed("certificates", OLD).put("old", Buffer.buffer("1"), 0));
        told(table.shelf("certificates").put("garbage", Buffer.buffer(new byte[] {1}), 0));
        Shelf shelf = sealed("certificates", NEW);
        told(shelf.put("new", Buffer.buffer("2"), 0));
        kit.log().expect("cannot be opened");
        assertThat(told(shelf.all())).containsOnlyKeys("new");
        assertThat(told(shelf.all())).containsOnlyKeys("new");
        assertThat(kit.log().heard()).hasSize(2);
    }

    @Test
    void replacesOneThatNoKeyOpensByItsVersion() {
        told(sealed("certificates", OLD).put("a", Buffer.buffer("1"), 0));
        Shelf shelf = sealed("certificates", NEW);
        Throwable unreadable = shelf.get("a").cause();
        assertThat(told(shelf.put("a", Buffer.buffer("2"), ((UnreadableRecord) unreadable).version())))
                .isTrue();
        assertThat(told(shelf.get("a"))).contains(new Item(2, Buffer.buffer("2")));
    }
}

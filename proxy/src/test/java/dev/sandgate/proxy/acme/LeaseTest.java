package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.proxy.kit.Await;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who may order for a name. */
final class LeaseTest {

    private static final Duration LENGTH = Duration.ofSeconds(90);
    private static final String NAME = "app.example.com";

    private final Shelf shelf = new MemoryTable(Map.of(), System::nanoTime).shelf("orders");
    private final ManualClock clock = new ManualClock();
    private final Lease.Beat beat = new Lease.Beat(LENGTH.dividedBy(4), clock);
    private final LeaseWatch watch = new LeaseWatch(LENGTH, clock);

    private Optional<Shelf.Item> item() {
        return Await.finished(shelf.get(NAME));
    }

    private boolean isFree() {
        return item().map(item -> watch.isFree(NAME, item, OrderRecord.read(item)))
                .orElse(true);
    }

    private Optional<Lease> take(String holder) {
        return Lease.take(shelf, NAME, item().orElse(null), holder, beat);
    }

    @Test
    void isTakenByOneOfTwoThatSawTheSame() {
        Optional<Lease> first = Lease.take(shelf, NAME, null, "one/1", beat);
        Optional<Lease> second = Lease.take(shelf, NAME, null, "other/1", beat);

        assertThat(first).isPresent();
        assertThat(second).isEmpty();
        assertThat(isFree()).isFalse();
    }

    @Test
    void isFreeOnceItsRecordStoodStillForItsLength() {
        take("one/1");
        assertThat(isFree()).isFalse();
        clock.advance(LENGTH.minusMillis(1));
        assertThat(isFree()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(isFree()).isTrue();
    }

    @Test
    void isKeptForAsLongAsItIsMovedOn() throws Stopped {
        Lease lease = take("one/1").orElseThrow();
        for (int times = 0; times < 20; times++) {
            assertThat(isFree()).isFalse();
            clock.advance(LENGTH.dividedBy(3));
            lease.keep();
        }
        assertThat(isFree()).isFalse();
    }

    @Test
    void isNoLongerTheSlowOnesOnceAnotherTookIt() {
        Lease slow = take("one/1").orElseThrow();
        isFree();
        clock.advance(LENGTH);
        assertThat(isFree()).isTrue();
        Lease quick = take("other/1").orElseThrow();

        assertThatThrownBy(slow::keep).isInstanceOf(Stopped.class).hasMessageContaining(NAME);
        // nor does what it says now count
        slow.failed(Instant.ofEpochSecond(2_000_000_000));
        slow.done();
        assertThat(OrderRecord.read(item().orElseThrow()).holder()).contains("other/1");
        quick.done();
        assertThat(item()).isEmpty();
    }

    @Test
    void isNotTakenForAnOldOneOfTheSameVersion() {
        take("one/1").orElseThrow().done();
        take("one/2");
        assertThat(isFree()).isFalse();
        clock.advance(LENGTH.minusMillis(1));
        take("one/2");
        // taken anew, at the version that was seen before
        Await.finished(shelf.remove(NAME, item().orElseThrow().version()));
        take("other/1");
        clock.advance(Duration.ofMillis(1));
        assertThat(isFree()).isFalse();
    }

    @Test
    void leavesBehindHowOftenItFailedAndUntilWhen() {
        Instant until = Instant.ofEpochSecond(2_000_000_000);
        take("one/1").orElseThrow().failed(until);
        assertThat(isFree()).isTrue();
        assertThat(OrderRecord.read(item().orElseThrow())).isEqualTo(new OrderRecord(Optional.empty(), 1, until));

        Lease again = take("one/2").orElseThrow();
        assertThat(again.failures()).isEqualTo(1);
        again.release();
        assertThat(OrderRecord.read(item().orElseThrow())).isEqualTo(new OrderRecord(Optional.empty(), 1, until));
    }

    @Test
    void takesWhatCannotBeReadForNothing() {
        Await.finished(shelf.put(NAME, Buffer.buffer("?"), 0));
        assertThat(isFree()).isTrue();
        assertThat(take("one/1")).isPresent();
    }
}

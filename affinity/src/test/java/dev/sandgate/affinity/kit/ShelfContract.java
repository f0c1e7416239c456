package dev.sandgate.affinity.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Shelf;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What every shelf does, wherever its records stand. */
public final class ShelfContract {

    private ShelfContract() {}

    /**
     * Fails where one of them does not keep it.
     *
     * @param shelves empty ones, by their kind
     */
    public static void assertHolds(Function<String, Shelf> shelves) {
        Shelf shelf = shelves.apply("domains");
        long untouched = told(shelf.revision());
        assertThat(told(shelf.put("x", Buffer.buffer("1"), 1))).isFalse();
        assertThat(told(shelf.remove("x", 0))).isFalse();
        assertThat(told(shelf.put("x", Buffer.buffer("1"), 0))).isTrue();
        long written = told(shelf.revision());
        assertThat(written).isGreaterThan(untouched);
        assertThat(told(shelf.put("x", Buffer.buffer("2"), 0))).isFalse();
        assertThat(told(shelf.revision())).as("nothing was written").isEqualTo(written);
        assertThat(told(shelf.put("x", Buffer.buffer("2"), 1))).isTrue();
        assertThat(told(shelves.apply("domains").get("x"))).contains(new Shelf.Item(2, Buffer.buffer("2")));
        assertThat(told(shelves.apply("others").all())).isEmpty();
        assertThat(told(shelf.put("Ü/../%2e.", Buffer.buffer(new byte[] {-1, 0, '\n'}), 0)))
                .isTrue();
        assertThat(told(shelf.all()))
                .containsOnlyKeys("x", "Ü/../%2e.")
                .containsEntry("Ü/../%2e.", new Shelf.Item(1, Buffer.buffer(new byte[] {-1, 0, '\n'})));
        long before = told(shelf.revision());
        assertThat(told(shelf.remove("x", 1))).isFalse();
        assertThat(told(shelf.remove("x", 2))).isTrue();
        assertThat(told(shelf.remove("x", 2))).isFalse();
        assertThat(told(shelf.revision())).isGreaterThan(before);
        assertThat(told(shelf.get("x"))).isEmpty();
        assertThat(shelf.put("x", Buffer.buffer(new byte[65_537]), 0)).satisfies(ShelfContract::failsAtLast);
    }

    private static void failsAtLast(Future<Boolean> refused) {
        assertThat(refused.toCompletionStage().toCompletableFuture()).failsWithin(10, TimeUnit.SECONDS);
    }

    private static <T> T told(Future<T> asked) {
        return asked.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }
}

package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.proxy.kit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node answers to an authority. */
final class ChallengesTest {

    private static final String TOKEN = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private final ManualClock clock = new ManualClock();
    private final Shelf shelf = new MemoryTable(Map.of(), System::nanoTime).shelf("challenges");
    private final Challenges node = Challenges.on(shelf, clock);
    private final Challenges other = Challenges.on(shelf, clock);

    @Test
    void isKnownToWhoOrdersAtOnceAndToOthersOnceTheyLook() {
        Await.finished(node.show(TOKEN, "proof", NOW));
        assertThat(node.known(TOKEN)).isEqualTo("proof");
        assertThat(other.known(TOKEN)).isNull();

        Await.finished(other.refresh());
        assertThat(other.known(TOKEN)).isEqualTo("proof");

        Await.finished(node.hide(TOKEN));
        Await.finished(other.refresh());
        assertThat(node.known(TOKEN)).isNull();
        assertThat(other.known(TOKEN)).isNull();
    }

    @Test
    void looksForWhatItDoesNotKnowOnceASecondWhateverIsAsked() {
        Await.finished(node.show(TOKEN, "proof", NOW));
        Await.finished(other.look(TOKEN).orElseThrow());
        assertThat(other.known(TOKEN)).isEqualTo("proof");

        for (int times = 0; times < 1_000; times++) {
            assertThat(other.look("a-token-that-was-made-up-" + times)).isEmpty();
        }
        clock.advance(Duration.ofSeconds(1));
        assertThat(other.look("a-token-that-was-made-up-again")).isPresent();
        assertThat(other.look("a-token-that-was-made-up-again")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "with/a/slash/in/the/middle",
                "with a blank in the middle of it",
                "dots.dots.dots.dots.dots"
            })
    void looksForNothingThatIsNoToken(String token) {
        assertThat(other.look(token)).isEmpty();
    }

    @Test
    void looksNowhereWhereNothingIsOrdered() {
        assertThat(Challenges.none().known(TOKEN)).isNull();
        assertThat(Challenges.none().look(TOKEN)).isEmpty();
    }

    @Test
    void takesDownWhatANodeLeftBehind() {
        Await.finished(node.show(TOKEN, "proof", NOW));
        Await.finished(other.sweep(NOW.plus(Duration.ofMinutes(59))));
        assertThat(Await.finished(shelf.all())).containsOnlyKeys(TOKEN);

        Await.finished(other.sweep(NOW.plus(Duration.ofMinutes(61))));
        assertThat(Await.finished(shelf.all())).isEmpty();
    }
}

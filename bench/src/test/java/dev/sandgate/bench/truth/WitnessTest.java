package dev.sandgate.bench.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.result.Violation.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WitnessTest {

    private final Witness witness = new Witness();

    @Test
    void isContentWithOneAfterTheOther() {
        assertThat(see("s1", 1)).isEmpty();
        assertThat(see("s1", 2)).isEmpty();
        assertThat(witness.certain()).isTrue();
        assertThat(witness.said()).isEqualTo(2);
        assertThat(witness.home()).contains("s1");
    }

    @Test
    void seesAMoveOnce() {
        assertThat(see("s1", 1)).isEmpty();
        assertThat(see("s2", 1)).contains(Kind.WRONG_INSTANCE);
        assertThat(see("s2", 2)).as("it lives there now").isEmpty();
    }

    @Test
    void seesThatStateWasLost() {
        assertThat(see("s1", 1)).isEmpty();
        assertThat(see("s1", 2)).isEmpty();
        assertThat(see("s1", 1)).contains(Kind.LOST_STATE);
        assertThat(kind(new Sight("s1", "other", "x", 2))).contains(Kind.LOST_STATE);
    }

    @Test
    void allowsForWhatWasNotAnsweredAndForNoMore() {
        assertThat(see("s1", 1)).isEmpty();
        witness.missed();
        assertThat(see("s1", 3)).as("it was heard").isEmpty();
        witness.missed();
        assertThat(see("s1", 4)).as("it was not heard").isEmpty();
        assertThat(see("s1", 6)).contains(Kind.DUPLICATED);
        assertThat(witness.certain()).isFalse();
    }

    @Test
    void allowsForAStreamThatIsHeldBesideTheCalls() {
        assertThat(see("s1", 1)).isEmpty();
        witness.besides();
        assertThat(see("s1", 2)).isEmpty();
        assertThat(witness.said()).isEqualTo(3);
        assertThat(see("s1", 4)).as("now it was counted").isEmpty();
        assertThat(see("s1", 6)).contains(Kind.DUPLICATED);
    }

    @Test
    void seesAnothersAnswerAndAFirstThatWasSentTwice() {
        assertThat(see("s1", 2)).contains(Kind.DUPLICATED);
        assertThat(kind(new Sight("s1", "life", "somebody else", 3))).contains(Kind.WRONG_SESSION);
        assertThat(see("s1", 3)).as("it is not followed there").isEmpty();
    }

    private Optional<Kind> see(String instance, long count) {
        return kind(new Sight(instance, "life", "x", count));
    }

    private Optional<Kind> kind(Sight sight) {
        return witness.saw(sight).map(Witness.Finding::kind);
    }
}

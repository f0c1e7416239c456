package dev.sandgate.proxy.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.process.ChildRecord.Seen;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ChildRecordTest {

    private final ProcessHandle self = ProcessHandle.current();
    private final Seen seen = Seen.of(self).orElseThrow();

    private boolean isSelfIfStarted(Duration earlier) {
        return new Seen(seen.pid(), seen.start().minus(earlier), seen.programs()).is(self);
    }

    @Test
    void knowsAProcessAgainAlsoWhereTheSystemsStartIsToldASecondApart() {
        assertThat(seen.is(self)).isTrue();
        assertThat(isSelfIfStarted(Duration.ofSeconds(1))).isTrue();
        assertThat(isSelfIfStarted(Duration.ofSeconds(-1))).isTrue();
    }

    @Test
    void takesOneThatStartedAtAnotherMomentForAnother() {
        assertThat(isSelfIfStarted(Duration.ofMillis(500))).isFalse();
        assertThat(isSelfIfStarted(Duration.ofMillis(-10))).isFalse();
        assertThat(isSelfIfStarted(Duration.ofMillis(1500))).isFalse();
        assertThat(isSelfIfStarted(Duration.ofSeconds(2))).isFalse();
    }
}

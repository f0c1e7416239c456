package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whether the judge of the long run sees what it is there to see. */
final class SoakJudgeTest {

    private static final int CAP = 2;
    private static final String LOST = "{\"reason\":\"session-lost\"}";

    private final Soak soak = new Soak();

    /** One that ended at this second. */
    private void saw(long second, String id, int status, String said) {
        soak.saw(new Soak.Seen(id, "a", seconds(second) - 1, seconds(second), status, said));
    }

    private static long seconds(long count) {
        return TimeUnit.SECONDS.toNanos(count);
    }

    @Test
    void isContentWithSessionsThatStayAndThoseOfAKilledInstanceThatAreToldAsLost() {
        saw(1, "one", 200, "i1 11 1");
        saw(2, "two", 200, "i2 22 1");
        soak.killed(11, seconds(3));
        saw(4, "one", 404, LOST);
        saw(5, "two", 200, "i2 22 2");
        assertThat(soak.wrongs(CAP)).isEmpty();
    }

    @Test
    void seesASecondHome() {
        saw(1, "one", 200, "i1 11 1");
        saw(2, "one", 200, "i2 22 1");
        assertThat(soak.wrongs(CAP)).singleElement().asString().startsWith("two homes: one");
    }

    @Test
    void seesARequestThatWasCountedForAnother() {
        saw(1, "one", 200, "i1 11 1");
        saw(2, "one", 200, "i1 11 1");
        assertThat(soak.wrongs(CAP)).singleElement().asString().startsWith("sent twice");
    }

    @Test
    void seesMoreSessionsThanAnInstanceHasSlots() {
        for (String id : new String[] {"one", "two", "three"}) {
            saw(1, id, 200, "i1 11 1");
        }
        assertThat(soak.wrongs(CAP)).singleElement().asString().startsWith("over its cap of 2: process 11");
    }

    @Test
    void seesALossWithoutACauseAndOneBeforeItsCause() {
        saw(1, "one", 200, "i1 11 1");
        saw(2, "one", 404, LOST);
        assertThat(soak.wrongs(CAP)).singleElement().asString().startsWith("lost without a cause");
        soak.killed(11, seconds(3));
        assertThat(soak.wrongs(CAP)).hasSize(1);
    }

    @Test
    void excusesWhatAFaultOfTheLastFiveSecondsExplainsAndNothingElse() {
        soak.fault("an instance killed", seconds(10), seconds(12));
        saw(9, "one", 200, "i1 11 1");
        saw(11, "one", 503, "during");
        saw(17, "one", 503, "just after");
        assertThat(soak.servedInCalm()).isEqualTo(1);
        saw(18, "one", 503, "long after");
        assertThat(soak.servedInCalm()).isEqualTo(0.5);
        saw(19, "one", 404, LOST);
        assertThat(soak.servedInCalm()).isLessThan(0.5);
    }
}

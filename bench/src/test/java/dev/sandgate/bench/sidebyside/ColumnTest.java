package dev.sandgate.bench.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.result.MadeUpRun;
import dev.sandgate.bench.result.Result.Second;
import dev.sandgate.bench.result.Result.Use;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ColumnTest {

    private static final Set<String> DOOR = Set.of("door");

    @Test
    void sharesOutWhatTheDoorTookOnAmongTheStreamsThatWereOpenedMeanwhile() {
        List<Second> timeline = List.of(second(0, 10, 1_000), second(1, 60, 1_200), second(2, 110, 1_700));
        assertThat(Column.perStream(timeline, DOOR)).hasValue(7);
    }

    @Test
    void looksAtTheLastOfTheFullestSecondsNotAtWhatComesAfter() {
        List<Second> timeline =
                List.of(second(0, 0, 1_000), second(1, 100, 1_500), second(2, 100, 1_900), second(3, 0, 5_000));
        assertThat(Column.perStream(timeline, DOOR)).hasValue(9);
    }

    @Test
    void tellsNothingOfADoorWithoutStreamsOrWithoutProcesses() {
        assertThat(Column.perStream(List.of(second(0, 5, 1), second(1, 5, 2)), DOOR))
                .isEmpty();
        assertThat(Column.perStream(List.of(second(0, 0, 1), second(1, 5, 2)), Set.of()))
                .isEmpty();
        assertThat(Column.perStream(List.of(), DOOR)).isEmpty();
    }

    private static Second second(int number, int sessions, long kibibytes) {
        Second made = new MadeUpRun(1).lasting(1).take().timeline().get(0);
        Map<String, Use> programs =
                Map.of("door", new Use(0.1, kibibytes << 10), "sandboxes", new Use(0.1, kibibytes << 15));
        return new Second(
                number,
                made.planned(),
                made.answered(),
                made.failed(),
                made.failures(),
                made.admitted(),
                made.refused(),
                made.admissionP99(),
                made.p50(),
                made.p99(),
                made.max(),
                sessions,
                made.slots(),
                made.generatorCpu(),
                made.lag(),
                programs);
    }
}

package dev.sandgate.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.load.CrookedDoor.Crook;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Violation;
import dev.sandgate.bench.result.Violation.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each thing that a door does wrong on purpose is found, and named; an honest door is found to be one. */
final class PlantedFaultsTest {

    private static final String HEADER = """
            { "name": "by header", "doors": ["DOOR"], "duration": "60s", "most": 21, "perInstance": 4,
              "arrival": { "closed": 7 }, "sandboxes": { "count": 2, "oneProcess": true },
              "sessions": [ { "affinity": { "header": "X-Session-Id" }, "calls": 10, "think": "10ms",
                              "stream": "/events?n=4&every=1" } ] }
            """;

    private static final String CROWDED = """
            { "name": "more than there is room for", "doors": ["DOOR"], "duration": "60s", "most": 40, "perInstance": 4,
              "arrival": { "constant": 20 }, "sandboxes": { "count": 2, "oneProcess": true },
              "sessions": [ { "affinity": { "header": "X-Session-Id" }, "calls": 10, "think": "50ms" } ] }
            """;

    private static final String MCP = """
            { "name": "by learned id", "doors": ["DOOR"], "duration": "60s", "most": 20,
              "arrival": { "poisson": 20 }, "sandboxes": { "count": 2, "oneProcess": true },
              "sessions": [ { "affinity": "mcp-streamable", "calls": 5, "think": "10ms" } ] }
            """;

    private final Path dir;

    PlantedFaultsTest(@TempDir Path dir) {
        this.dir = dir;
    }

    @ParameterizedTest
    @CsvSource({
        "IGNORES_AFFINITY, WRONG_INSTANCE",
        "FORGETS_A_SESSION, WRONG_INSTANCE",
        "ENDS_A_SESSION_IN_SECRET, LOST_STATE",
        "ANSWERS_HALF_A_BODY, HALF_BODY",
        "SENDS_TWICE, DUPLICATED",
        "SWAPS_EVENTS, REORDERED",
        "MIXES_UP_SESSIONS, WRONG_SESSION"
    })
    void namesWhatADoorDoesWrong(Crook crook, Kind found) throws Exception {
        Result result = run(HEADER, crook);
        assertThat(result.passed()).isFalse();
        assertThat(result.violations()).extracting(Violation::kind).contains(found);
        assertThat(proofs(result, found)).isNotEmpty().anyMatch(proof -> proof.startsWith("header b"));
    }

    @Test
    void findsNothingWrongWithAnHonestDoor() throws Exception {
        Result result = run(HEADER, Crook.NOTHING);
        assertThat(result.violations()).isEmpty();
        assertThat(result.failures()).isEmpty();
        assertThat(result.sessions().admitted()).isEqualTo(21);
        assertThat(result.sessions().lost()).isEmpty();
        assertThat(result.passed()).isTrue();
    }

    @Test
    void seesInTheSandboxesLogsThatOneHeldOneTooMany() throws Exception {
        Result honest = run(CROWDED, Crook.NOTHING);
        assertThat(honest.violations()).isEmpty();
        assertThat(honest.sessions().refused()).containsKey("pool-full");
        Result crooked = run(CROWDED, Crook.EXCEEDS_THE_CAP_BY_ONE);
        assertThat(crooked.violations()).extracting(Violation::kind).containsOnly(Kind.CAP_EXCEEDED);
        assertThat(proofs(crooked, Kind.CAP_EXCEEDED).get(0)).contains("held 5 sessions (at most 4)");
    }

    @Test
    void seesThatAnIdWasToldBeforeItWorked() throws Exception {
        assertThat(run(MCP, Crook.NOTHING).violations()).isEmpty();
        Result crooked = run(MCP, Crook.TELLS_AN_ID_TOO_EARLY);
        assertThat(crooked.violations()).extracting(Violation::kind).contains(Kind.TOLD_TOO_EARLY);
    }

    @Test
    void tellsWhenNothingWasAnsweredThoughMuchWasAsked() throws Exception {
        Result result = run(HEADER, Crook.STALLS);
        assertThat(result.violations()).isEmpty();
        assertThat(result.stalls()).isNotEmpty();
        // a stall is told less what the generator was away itself; what was due meanwhile waited for all of it
        assertThat(result.response().max()).isGreaterThan(0.75 * CrookedDoor.STALL_MILLIS);
    }

    private Result run(String scenario, Crook crook) throws Exception {
        return new Bench(dir).run(scenario, 2, ports -> new CrookedDoor(crook, ports));
    }

    private static List<String> proofs(Result result, Kind kind) {
        return result.violations().stream()
                .filter(violation -> violation.kind() == kind)
                .flatMap(violation -> violation.proofs().stream())
                .toList();
    }
}

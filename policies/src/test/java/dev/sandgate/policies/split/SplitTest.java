package dev.sandgate.policies.split;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.SplitConfig;
import dev.sandgate.conf.SplitConfig.By;
import dev.sandgate.conf.SplitConfig.Picked;
import dev.sandgate.conf.SplitConfig.Variant;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.kit.PlainSeen;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Which pool is drawn, for whom, and how often. */
final class SplitTest {

    private static final int SESSIONS = 20_000;
    private static final Picked NOBODY = new Picked(Map.of(), Map.of(), Set.of());
    private static final PlainSeen ANY = PlainSeen.get("/");

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    SplitTest() {
        System.out.println("seed " + seed + " (replay with -Dseed=" + seed + ")");
    }

    private Split split(By by, double... percents) {
        List<Variant> variants = IntStream.range(0, percents.length)
                .mapToObj(at -> new Variant("v" + at, percents[at], NOBODY))
                .toList();
        return new Split("tools", new SplitConfig(variants, by), random::nextLong);
    }

    private static Optional<SessionKey> id(String id) {
        return Optional.of(new SessionKey("main", Source.HEADER, id, ""));
    }

    private static Principal caller(String subject) {
        return Principal.of("jwt", "https://id.example.com", new Caller(subject, "", Set.of(), ""));
    }

    private int[] drawn(Split split, IntFunction<Optional<SessionKey>> ids) {
        int[] drawn = new int[4];
        for (int at = 0; at < SESSIONS; at++) {
            drawn[split.draw(ANY, Principal.NOBODY, ids.apply(at))]++;
        }
        return drawn;
    }

    @Test
    void aTenthOfTheIdsThatClientsChooseIsATenth() {
        for (String form : List.of("user-%d", "%d", "0af7651916cd43dd8448eb2%09d", "a/%d/b")) {
            int[] drawn = drawn(split(By.SESSION, 10), at -> id(String.format(form, at)));
            assertThat(drawn[1]).as(form).isCloseTo(SESSIONS / 10, Offset.offset(SESSIONS / 100));
            assertThat(drawn[0]).as(form).isEqualTo(SESSIONS - drawn[1]);
        }
    }

    @Test
    void aTenthOfTheSessionsWithoutAnIdIsATenth() {
        int[] drawn = drawn(split(By.SESSION, 10), at -> Optional.empty());
        assertThat(drawn[1]).isCloseTo(SESSIONS / 10, Offset.offset(SESSIONS / 100));
    }

    @Test
    void severalVariantsGetTheirSharesAndTheRouteTheRest() {
        int[] drawn = drawn(split(By.SESSION, 12.5, 0, 30), at -> id("s-" + at));
        assertThat(drawn[1]).isCloseTo(SESSIONS / 8, Offset.offset(SESSIONS / 100));
        assertThat(drawn[2]).isZero();
        assertThat(drawn[3]).isCloseTo(SESSIONS * 3 / 10, Offset.offset(SESSIONS / 100));
    }

    @Test
    void aHundredPercentIsEveryoneAndNoneIsNobody() {
        assertThat(drawn(split(By.SESSION, 100), at -> id("s-" + at))[1]).isEqualTo(SESSIONS);
        assertThat(drawn(split(By.SESSION, 0), at -> Optional.empty())[0]).isEqualTo(SESSIONS);
    }

    @Test
    void twoNodesDrawTheSameForOneIdAndAVariantThatGrowsKeepsItsOwn() {
        Split here = split(By.SESSION, 10);
        Split there = split(By.SESSION, 10);
        Split later = split(By.SESSION, 25);
        for (int at = 0; at < 5_000; at++) {
            Optional<SessionKey> id = id("s-" + random.nextLong());
            int drawn = here.draw(ANY, Principal.NOBODY, id);
            assertThat(there.draw(ANY, Principal.NOBODY, id)).isEqualTo(drawn);
            assertThat(later.draw(ANY, Principal.NOBODY, id)).isGreaterThanOrEqualTo(drawn);
        }
    }

    @Test
    void allSessionsOfACallerGoTogetherWhereThatIsAsked() {
        Split split = split(By.PRINCIPAL, 10);
        int canary = 0;
        for (int at = 0; at < SESSIONS; at++) {
            Principal caller = caller("user-" + at);
            int first = split.draw(ANY, caller, Optional.empty());
            assertThat(split.draw(ANY, caller, id("another-" + at))).isEqualTo(first);
            canary += first;
        }
        assertThat(canary).isCloseTo(SESSIONS / 10, Offset.offset(SESSIONS / 100));
    }

    @Test
    void thoseOfNobodyInParticularAreDrawnForByThemselves() {
        assertThat(drawn(split(By.PRINCIPAL, 10), at -> id("s-" + at))[1])
                .isCloseTo(SESSIONS / 10, Offset.offset(SESSIONS / 100));
    }

    @Test
    void aFieldACookieOrTheCallerPicksWhateverThePercentsSay() {
        Picked picked = new Picked(Map.of("x-canary", "yes"), Map.of("beta", "1"), Set.of("alice", "apiKey:|bob"));
        Split split = new Split(
                "tools",
                new SplitConfig(List.of(new Variant("a", 0, NOBODY), new Variant("b", 0, picked)), By.SESSION),
                random::nextLong);
        Principal bob = Principal.of("apiKey", "", new Caller("bob", "", Set.of(), ""));

        assertThat(split.draw(PlainSeen.get("/").with("X-Canary", "yes"), Principal.NOBODY, id("a")))
                .isEqualTo(2);
        assertThat(split.draw(PlainSeen.get("/").with("X-Canary", "no"), Principal.NOBODY, id("a")))
                .isEqualTo(Split.OWN);
        assertThat(split.draw(PlainSeen.get("/").with("Cookie", "a=b; beta=1"), Principal.NOBODY, id("a")))
                .isEqualTo(2);
        assertThat(split.draw(PlainSeen.get("/").with("Cookie", "beta=10; alpha=1"), Principal.NOBODY, id("a")))
                .isEqualTo(Split.OWN);
        assertThat(split.draw(ANY, caller("alice"), id("a"))).isEqualTo(2);
        assertThat(split.draw(ANY, bob, id("a"))).isEqualTo(2);
        assertThat(split.draw(ANY, caller("bob"), id("a"))).isEqualTo(Split.OWN);
    }

    @Test
    void ofTwoThatPickTheSameTheFirstHasIt() {
        Picked picked = new Picked(Map.of("x-canary", "yes"), Map.of(), Set.of());
        Split split = new Split(
                "tools",
                new SplitConfig(List.of(new Variant("a", 0, picked), new Variant("b", 100, picked)), By.SESSION),
                random::nextLong);
        assertThat(split.draw(PlainSeen.get("/").with("X-Canary", "yes"), Principal.NOBODY, Optional.empty()))
                .isEqualTo(1);
    }
}

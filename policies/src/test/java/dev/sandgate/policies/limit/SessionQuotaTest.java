package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.aftermath;
import static dev.sandgate.policies.limit.Limits.by;
import static dev.sandgate.policies.limit.Limits.ended;
import static dev.sandgate.policies.limit.Limits.refused;
import static dev.sandgate.policies.limit.Limits.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Verdict.Pass;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many sessions one owner may have. */
final class SessionQuotaTest {

    private static final int MAX = 3;

    private final SessionQuota quota = SessionQuota.of(new PolicyConfig.SessionQuota("quota", by(Part.IP), MAX));

    @Test
    void countsASessionUntilItIsOver() {
        for (int i = 0; i < MAX; i++) {
            asked().done(ended(session("s" + i)));
        }
        Refuse refused = refused(quota.check(PlainSeen.get("/")));
        assertThat(refused.why()).isEqualTo(Why.SESSIONS_LIMITED);
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        quota.check(PlainSeen.get("/").from("192.0.2.2"));
        quota.over(session("s1"));
        asked();
        refused(quota.check(PlainSeen.get("/")));
    }

    @Test
    void countsARequestThatMayOpenOneUntilItIsOver() {
        Aftermath first = asked();
        asked();
        asked();
        refused(quota.check(PlainSeen.get("/")));
        first.done(ended(null));
        asked();
    }

    @Test
    void doesNotCountASessionThatWasOverBeforeTheRequestThatOpenedIt() {
        for (int i = 0; i < 10 * MAX; i++) {
            Aftermath opening = asked();
            quota.over(session("s" + i));
            opening.done(ended(session("s" + i)));
        }
        assertThat(quota.remembered()).isZero();
    }

    @Test
    void countsASessionWhoseNameWasAnOlderOnes() {
        Aftermath other = asked();
        asked().done(ended(session("again")));
        quota.over(session("again"));
        asked().done(ended(session("again")));
        asked();
        refused(quota.check(PlainSeen.get("/")));
        other.done(ended(null));
    }

    @Test
    void isToldOfSessionsThatItNeverSaw() {
        Aftermath opening = asked();
        for (int i = 0; i < 200_000; i++) {
            quota.over(session("elsewhere" + i));
        }
        assertThat(quota.remembered()).isLessThan(100_010);
        opening.done(ended(null));
        assertThat(quota.remembered()).isZero();
        quota.over(session("elsewhere"));
        assertThat(quota.remembered()).isZero();
    }

    @Test
    void countsOneSessionOnceHoweverManyRequestsOpenedIt() {
        Aftermath first = asked();
        Aftermath second = asked();
        first.done(ended(session("s")));
        second.done(ended(session("s")));
        asked();
        asked();
        refused(quota.check(PlainSeen.get("/")));
        quota.over(session("s"));
        asked();
    }

    @Test
    void neitherLeaksNorGoesBelowZeroWhateverHappensWhen() {
        Seeds.each(10, random -> new Run(random).go());
    }

    private Aftermath asked() {
        return aftermath(quota.check(PlainSeen.get("/")));
    }

    /** Requests that open sessions, or do not, and sessions that end, sooner or later or twice. */
    private static final class Run {

        private final SessionQuota quota = SessionQuota.of(new PolicyConfig.SessionQuota("quota", by(Part.IP), MAX));
        private final Random random;
        private final List<Request> underWay = new ArrayList<>();
        private final Map<SessionKey, String> living = new HashMap<>();
        private final List<SessionKey> told = new ArrayList<>();
        private int named;

        Run(Random random) {
            this.random = random;
        }

        /**
         * One under way.
         *
         * @param over sessions that ended since it began
         */
        private record Request(String address, Aftermath aftermath, SessionKey opens, Set<SessionKey> over) {}

        void go() {
            for (int step = 0; step < 3_000; step++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> begin();
                    case 2 -> finish(random.nextInt(3) > 0);
                    default -> end();
                }
            }
            while (!underWay.isEmpty()) {
                finish(random.nextBoolean());
            }
            List.copyOf(living.keySet()).forEach(this::over);
            assertThat(quota.remembered()).isZero();
        }

        private void begin() {
            String address = "192.0.2." + random.nextInt(20);
            boolean room = counted(address) < MAX;
            assertThat(quota.check(PlainSeen.get("/").from(address)) instanceof Pass pass
                            && underWay.add(new Request(
                                    address, pass.aftermath().orElseThrow(), session("s" + named++), new HashSet<>())))
                    .isEqualTo(room);
        }

        private long counted(String address) {
            return living.values().stream().filter(address::equals).count()
                    + underWay.stream()
                            .filter(request -> request.address().equals(address))
                            .count();
        }

        private void finish(boolean opened) {
            if (underWay.isEmpty()) {
                return;
            }
            Request request = underWay.remove(random.nextInt(underWay.size()));
            request.aftermath().done(ended(opened ? request.opens() : null));
            if (opened && !request.over().contains(request.opens())) {
                living.put(request.opens(), request.address());
            }
        }

        private void end() {
            int kind = random.nextInt(4);
            if (kind == 0 && !underWay.isEmpty()) {
                over(underWay.get(random.nextInt(underWay.size())).opens());
            } else if (kind == 1 && !told.isEmpty()) {
                over(told.get(random.nextInt(told.size())));
            } else if (kind == 2) {
                over(session("elsewhere" + random.nextInt(1_000)));
            } else if (!living.isEmpty()) {
                over(List.copyOf(living.keySet()).get(random.nextInt(living.size())));
            }
        }

        private void over(SessionKey session) {
            quota.over(session);
            living.remove(session);
            underWay.forEach(request -> request.over().add(session));
            told.add(session);
        }
    }
}

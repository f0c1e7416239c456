package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who goes first while a queue fills. */
final class SheddingTest {

    private final Policy shedding = Shedding.of(new PolicyConfig.Shed("shed", Map.of("gold", 100, "free", 0), 75));

    @Test
    void refusesEachClassAboveItsOwnMark() {
        assertThat(passes("gold", 100)).isTrue();
        assertThat(passes("free", 0)).isTrue();
        assertThat(passes("free", 1)).isFalse();
        assertThat(passes("silver", 75)).isTrue();
        assertThat(passes("silver", 76)).isFalse();
        assertThat(shedding.check(PlainSeen.get("/").filled(75))).isSameAs(Verdict.PASS);
        Refuse refused = refused(shedding.check(PlainSeen.get("/").filled(76)));
        assertThat(refused.why()).isEqualTo(Why.SHED);
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(1));
    }

    private boolean passes(String priority, int filled) {
        Principal caller = Principal.of("apiKey", "", new Caller("ann", "", Set.of(), priority));
        return shedding.check(PlainSeen.get("/").by(caller).filled(filled)) == Verdict.PASS;
    }
}

package dev.sandgate.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When two names are the same session's, and that their order says so too. */
final class SessionKeyTest {

    private static List<SessionKey> all() {
        List<SessionKey> keys = new ArrayList<>();
        for (String pool : List.of("one", "two")) {
            for (Source source : Source.values()) {
                // two texts of one hash
                for (String id : List.of("Aa", "BB")) {
                    for (String principal : List.of("", "apiKey:|alice", "apiKey:|bob")) {
                        keys.add(new SessionKey(pool, source, id, principal));
                    }
                }
            }
        }
        return keys;
    }

    @Test
    void theOrderAgreesWithEqualsForEachPair() {
        for (SessionKey one : all()) {
            for (SessionKey other : all()) {
                assertThat(one.compareTo(other) == 0)
                        .as("%s and %s", one, other)
                        .isEqualTo(one.equals(other));
                assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
                if (one.equals(other)) {
                    assertThat(one.hashCode()).isEqualTo(other.hashCode());
                }
            }
        }
    }
}

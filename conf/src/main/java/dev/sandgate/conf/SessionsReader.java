package dev.sandgate.conf;

import dev.sandgate.conf.SessionsConfig.OnLost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a pool's {@code sessions}; a default gives way to what the file says beside it. */
final class SessionsReader {

    static final Shape<SessionsConfig> SESSIONS =
            Shape.of("an object about sessions", value -> value.section("an object about sessions")
                    .map(SessionsReader::sessions));

    private static final Shape<OnLost> ON_LOST =
            Scalars.oneOf(Map.of("reject", OnLost.REJECT, "rebind", OnLost.REBIND), List.of("replay"));
    private static final Shape<Duration> SECOND = Durations.atLeast(Duration.ofSeconds(1));

    private SessionsReader() {}

    private static SessionsConfig sessions(Section section) {
        SessionsConfig or = SessionsConfig.DEFAULT;
        int perInstance =
                section.find("perInstance", Scalars.whole(1, 1_000_000)).orElse(or.perInstance());
        Optional<Duration> idleSaid = section.find("idleTimeout", SECOND);
        Optional<Duration> lifeSaid = section.find("maxLifetime", SECOND);
        Optional<Duration> unusedSaid = section.find("unusedTimeout", SECOND);
        Duration idle = idleSaid.orElse(shorter(or.idleTimeout(), lifeSaid.orElse(or.idleTimeout())));
        Duration life = lifeSaid.orElse(longer(or.maxLifetime(), idle));
        Duration unused = unusedSaid.orElse(shorter(or.unusedTimeout(), idle));
        // An unfit idleTimeout was told already; nothing is measured by it.
        boolean measurable = idleSaid.isPresent() || section.take("idleTimeout").isEmpty();
        if (measurable && life.compareTo(idle) < 0) {
            refuse(section, "maxLifetime", "at least");
        }
        if (measurable && unused.compareTo(idle) > 0) {
            refuse(section, "unusedTimeout", "at most");
        }
        OnLost onLost = section.find("onLost", ON_LOST).orElse(or.onLost());
        boolean reuseId = section.find("reuseId", Scalars.BOOLEAN).orElse(or.reuseId());
        Duration rememberEnded = section.find("rememberEnded", SECOND).orElse(or.rememberEnded());
        Duration lostAfter = section.find("lostAfter", Durations.any()).orElse(or.lostAfter());
        boolean recycle = section.find("recycle", Scalars.BOOLEAN).orElse(or.recycle());
        if (recycle && perInstance != 1) {
            section.take("recycle")
                    .ifPresent(value -> value.refuse("\"perInstance\": 1 beside it, or false; an instance that is"
                            + " replaced after each session holds one"));
        }
        section.end();
        return new SessionsConfig(perInstance, idle, life, unused, onLost, reuseId, rememberEnded, lostAfter, recycle);
    }

    private static void refuse(Section section, String key, String bound) {
        String idle = section.take("idleTimeout")
                .map(value -> value.node().shown())
                .orElse(Durations.text(SessionsConfig.DEFAULT.idleTimeout()) + " unless said otherwise");
        section.take(key).ifPresent(value -> value.refuse(bound + " idleTimeout, which is " + idle));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}

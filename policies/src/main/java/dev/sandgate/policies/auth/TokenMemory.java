package dev.sandgate.policies.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.auth.Finding.Known;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Fields with tokens that were good, for 5 minutes at most, never beyond their end, and while their key is in its set. For
 * all issuers of a policy. Any thread; a look-up allocates nothing.
 */
final class TokenMemory {

    /** Of those remembered, where none is longer than 1 KiB; one of 8 KiB is as heavy as eight. */
    private static final int MOST = 100_000;

    private static final Duration LONGEST = Duration.ofMinutes(5);

    /**
     * One that was good.
     *
     * @param by who verified it
     * @param key that signed it
     * @param until in milliseconds since 1970
     */
    record Verified(Authenticator by, Known known, TrustedKey key, long until) {}

    private final InstantSource clock;
    private final Cache<String, Verified> byField;

    TokenMemory(Surroundings surroundings) {
        this.clock = surroundings.clock();
        this.byField = Caffeine.newBuilder()
                .maximumWeight(MOST)
                .weigher((String field, Verified token) -> 1 + (field.length() >> 10))
                .expireAfterWrite(LONGEST)
                .ticker(surroundings.nanos()::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** Null: it is not remembered, or counts no more. */
    @Nullable Verified find(String field) {
        Verified token = byField.getIfPresent(field);
        return token != null && token.key().isTrusted() && clock.millis() < token.until() ? token : null;
    }

    void keep(String field, Verified token) {
        byField.put(field, token);
    }
}

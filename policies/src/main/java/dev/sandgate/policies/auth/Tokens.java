package dev.sandgate.policies.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.auth.Finding.Known;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Knows callers by signed tokens (RFC 7519) in {@code Authorization}. A token that was good is remembered, for 5 minutes at
 * most, and costs a look-up until then; one that was not is checked each time, which takes a signature's time on the event
 * loop. Where API keys stand in the same field, all that does not look like a token is left to them.
 */
final class Tokens implements Authenticator {

    /** Of tokens remembered, where none is longer than 1 KiB; one of 8 KiB is as heavy as eight. */
    private static final int MOST = 100_000;

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Finding TWICE = new Finding.Flawed(Flaw.TWICE);
    private static final Finding MALFORMED = new Finding.Flawed(Flaw.MALFORMED);
    private static final Finding SIGNATURE = new Finding.Flawed(Flaw.SIGNATURE);

    private record Verified(Known known, TrustedKey key, long until) {}

    private final Withheld withheld;
    private final boolean besideKeys;
    private final InstantSource clock;
    private final TokenRules rules;
    private final KeySource source;
    private final Cache<String, Verified> verified;

    private Tokens(Jwt config, Withheld withheld, Surroundings surroundings, boolean besideKeys) {
        this.withheld = withheld;
        this.besideKeys = besideKeys;
        this.clock = surroundings.clock();
        this.rules = new TokenRules(config, surroundings.clock());
        this.source = new KeySource(config, surroundings);
        this.verified = Caffeine.newBuilder()
                .maximumWeight(MOST)
                .weigher((String field, Verified token) -> 1 + (field.length() >> 10))
                .expireAfterWrite(LONGEST)
                .ticker(surroundings.nanos()::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** Begins to read the keys. */
    static Tokens open(Jwt config, Withheld withheld, Surroundings surroundings, boolean besideKeys) {
        Tokens tokens = new Tokens(config, withheld, surroundings, besideKeys);
        tokens.source.read();
        return tokens;
    }

    @Override
    public Finding find(Seen seen) {
        List<String> values = seen.fields(Scheme.FIELD);
        if (values.isEmpty()) {
            return Finding.ABSENT;
        }
        if (values.size() > 1) {
            return TWICE;
        }
        String field = values.get(0);
        Verified kept = verified.getIfPresent(field);
        if (kept != null && kept.key().isTrusted() && clock.millis() < kept.until()) {
            return kept.known();
        }
        Optional<String> text = Scheme.BEARER.credential(field).filter(it -> !besideKeys || Scheme.looksLikeToken(it));
        return text.isPresent() ? judge(field, text.get()) : Finding.ABSENT;
    }

    private Finding judge(String field, String text) {
        Optional<CompactToken> token = CompactToken.read(text);
        if (token.isEmpty() || !rules.takes(token.get().header())) {
            return MALFORMED;
        }
        Optional<KeySet> keys = source.current();
        if (keys.isPresent() && keys.get().knows(token.get().keyId())) {
            return judge(field, token.get(), keys.get());
        }
        // one that would not do by any key is not worth a read
        Optional<Flaw> flaw = rules.flaw(token.get().claims());
        return flaw.isPresent() ? new Finding.Flawed(flaw.get()) : ask(field, token.get());
    }

    private Finding ask(String field, CompactToken token) {
        Future<Finding> finding = source.when(keys -> keys.knows(token.keyId()))
                .map(keys -> keys.isPresent() ? judge(field, token, keys.get()) : Finding.AWAY);
        return finding.isComplete() ? finding.result() : new Finding.Asked(finding);
    }

    private Finding judge(String field, CompactToken token, KeySet keys) {
        for (TrustedKey key : keys.fitting(token)) {
            if (key.signed(token)) {
                Optional<Flaw> flaw = rules.flaw(token.claims());
                return flaw.isPresent() ? new Finding.Flawed(flaw.get()) : remember(field, token, key);
            }
        }
        return SIGNATURE;
    }

    private Finding remember(String field, CompactToken token, TrustedKey key) {
        Known known = withheld.known(rules.principal(token.claims()));
        verified.put(field, new Verified(known, key, rules.until(token.claims())));
        return known;
    }

    @Override
    public void close() {
        source.close();
    }
}

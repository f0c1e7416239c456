package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.auth.Finding.Known;
import dev.sandgate.policies.auth.TokenMemory.Verified;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Knows callers by signed tokens (RFC 7519) of one issuer in {@code Authorization}; those of a neighbour's issuer are left
 * to the neighbour, and where API keys stand in the same field, so is all that does not look like a token; where an issuer
 * can be asked about tokens, it is asked about all that are not this one's. One that was
 * good costs a look-up from then on; one that was not is checked each time, which takes a signature's time on the event
 * loop.
 */
final class Tokens implements Authenticator {

    private static final Finding TWICE = new Finding.Flawed(Flaw.TWICE);
    private static final Finding MALFORMED = new Finding.Flawed(Flaw.MALFORMED);
    private static final Finding SIGNATURE = new Finding.Flawed(Flaw.SIGNATURE);

    private final String issuer;
    private final Withheld withheld;
    private final Neighbours neighbours;
    private final TokenRules rules;
    private final KeySource source;

    private Tokens(Jwt config, Withheld withheld, Surroundings surroundings, Neighbours neighbours) {
        this.issuer = config.issuer();
        this.withheld = withheld;
        this.neighbours = neighbours;
        this.rules = new TokenRules(config, surroundings.clock());
        this.source = new KeySource(config, surroundings);
    }

    /** Begins to read the keys. */
    static Tokens open(Jwt config, Withheld withheld, Surroundings surroundings, Neighbours neighbours) {
        Tokens tokens = new Tokens(config, withheld, surroundings, neighbours);
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
        Verified kept = neighbours.memory().find(field);
        if (kept != null) {
            return kept.by() == this ? kept.known() : Finding.ABSENT;
        }
        Optional<String> text =
                Scheme.BEARER.credential(field).filter(it -> !neighbours.keys() || Scheme.looksLikeToken(it));
        return text.isPresent() ? judge(field, text.get()) : Finding.ABSENT;
    }

    private Finding judge(String field, String text) {
        Optional<CompactToken> token = CompactToken.read(text);
        if (token.isEmpty()) {
            return neighbours.asked() ? Finding.ABSENT : MALFORMED;
        }
        String from = token.get().issuer();
        if (!from.equals(issuer) && (neighbours.asked() || neighbours.issuers().contains(from))) {
            return Finding.ABSENT;
        }
        return rules.takes(token.get().header()) ? judge(field, token.get()) : MALFORMED;
    }

    private Finding judge(String field, CompactToken token) {
        Optional<KeySet> keys = source.current();
        if (keys.isPresent() && keys.get().knows(token.keyId())) {
            return judge(field, token, keys.get());
        }
        // one that would not do by any key is not worth a read
        Optional<Flaw> flaw = rules.flaw(token.claims());
        return flaw.isPresent() ? new Finding.Flawed(flaw.get()) : ask(field, token);
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
        neighbours.memory().keep(field, new Verified(this, known, key, rules.until(token.claims())));
        return known;
    }

    @Override
    public void close() {
        source.close();
    }
}

package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.ClientCertificate;
import dev.sandgate.conf.PolicyConfig.Introspection;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.conf.PolicyConfig.TrustedHeader;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.auth.Finding.Absent;
import dev.sandgate.policies.auth.Finding.Asked;
import dev.sandgate.policies.auth.Finding.Flawed;
import dev.sandgate.policies.auth.Finding.Known;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells who calls: the first of its authenticators whose credential is there decides. What is wrong with a credential is
 * told no closer than its bearer needs. Any event loop; {@link #close} by whoever made it, after which it may still be
 * asked and knows what it knew.
 */
public final class Authentication implements Policy, AutoCloseable {

    private static final Refuse AWAY = Refuse.of(
            Why.POLICY_UNAVAILABLE, "Whether the credential is good cannot be told now", Duration.ofSeconds(1));

    private final List<Authenticator> by;
    private final boolean optional;
    private final Withheld fromNobody;
    private final Map<Flaw, Refuse> refusals = new EnumMap<>(Flaw.class);

    private Authentication(PolicyConfig.Authenticate config, List<Authenticator> by) {
        this.by = by;
        this.optional = config.optional();
        this.fromNobody = Withheld.byAll(config.by());
        Challenges challenges = Challenges.of(config);
        for (Flaw flaw : Flaw.values()) {
            Optional<String> challenge = Optional.of(challenges.text(flaw.ofToken()));
            refusals.put(
                    flaw, new Refuse(Why.UNAUTHENTICATED, flaw.detail(), Duration.ZERO, Optional.empty(), challenge));
        }
    }

    /** Begins to read the keys that stand elsewhere. */
    public static Policy of(PolicyConfig.Authenticate config, Surroundings surroundings) {
        Neighbours neighbours = Neighbours.of(config, surroundings);
        List<Authenticator> by = new ArrayList<>();
        for (PolicyConfig.Authenticator each : config.by()) {
            by.add(authenticator(each, Withheld.by(each, config.by()), surroundings, neighbours));
        }
        return new Authentication(config, List.copyOf(by));
    }

    private static Authenticator authenticator(
            PolicyConfig.Authenticator each, Withheld withheld, Surroundings surroundings, Neighbours neighbours) {
        if (each instanceof ApiKeys keys) {
            return KeyHolders.open(keys, withheld, surroundings, neighbours);
        }
        if (each instanceof Introspection introspection) {
            return new AskedTokens(introspection, withheld, surroundings, neighbours);
        }
        if (each instanceof ClientCertificate certificate) {
            return new CertificateHolders(certificate, withheld, surroundings.clock());
        }
        return each instanceof Jwt jwt
                ? Tokens.open(jwt, withheld, surroundings, neighbours)
                : new Hearsay((TrustedHeader) each, withheld);
    }

    @Override
    public Verdict check(Seen seen) {
        for (int at = 0; at < by.size(); at++) {
            Finding finding = by.get(at).find(seen);
            if (!(finding instanceof Absent)) {
                return verdict(finding, seen.trusted());
            }
        }
        return optional ? new Verdict.Change(seen.principal(), fromNobody.from(seen)) : refused(Flaw.MISSING);
    }

    private Verdict verdict(Finding finding, boolean trusted) {
        if (finding instanceof Known known) {
            return trusted ? known.trusted() : known.other();
        }
        if (finding instanceof Flawed flawed) {
            return refused(flawed.flaw());
        }
        if (finding instanceof Asked asked) {
            return new Verdict.Later(asked.finding().map(found -> verdict(found, trusted)));
        }
        return AWAY;
    }

    private Refuse refused(Flaw flaw) {
        return Objects.requireNonNull(refusals.get(flaw));
    }

    /** Reads no keys any more. */
    @Override
    public void close() {
        by.forEach(Authenticator::close);
    }
}

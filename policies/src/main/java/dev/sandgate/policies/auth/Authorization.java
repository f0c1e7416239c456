package dev.sandgate.policies.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says who may do what: required scopes first, then the first rule that takes the request. Any event loop. */
public final class Authorization implements Policy {

    private static final Refuse FORBIDDEN = Refuse.of(Why.FORBIDDEN, "This caller may not do that here");
    private static final String SCOPES = "The caller lacks a scope that this asks for";
    private static final Refuse LACKING = Refuse.of(Why.FORBIDDEN, SCOPES);
    private static final String TOKENS = "jwt:";

    /** Clients come back: what their addresses' texts mean is read once for a while. */
    private static final int ADDRESSES = 10_000;

    private final Cache<String, ClientAddress> addresses =
            Caffeine.newBuilder().maximumSize(ADDRESSES).executor(Runnable::run).build();
    private final Set<String> scopes;
    private final Refuse lackingOfToken;
    private final List<AuthorizationRule> rules;
    private final boolean otherwise;

    private Authorization(PolicyConfig.Authorize config) {
        this.scopes = config.scopes();
        this.lackingOfToken = new Refuse(
                Why.FORBIDDEN,
                SCOPES,
                Duration.ZERO,
                Optional.empty(),
                Optional.of(Challenges.insufficient(new TreeSet<>(scopes))));
        this.rules = config.rules().stream().map(AuthorizationRule::new).toList();
        this.otherwise = config.otherwise();
    }

    public static Policy of(PolicyConfig.Authorize config) {
        return new Authorization(config);
    }

    @Override
    public Verdict check(Seen seen) {
        Principal caller = seen.principal();
        if (!caller.scopes().containsAll(scopes)) {
            return caller.name().startsWith(TOKENS) ? lackingOfToken : LACKING;
        }
        @Nullable ClientAddress client = null;
        for (int at = 0; at < rules.size(); at++) {
            AuthorizationRule rule = rules.get(at);
            if (!rule.takes(seen, caller)) {
                continue;
            }
            if (rule.asksAddress()) {
                client = client == null ? addresses.get(seen.client(), ClientAddress::of) : client;
                if (!rule.takes(client)) {
                    continue;
                }
            }
            return verdict(rule.allows());
        }
        return verdict(otherwise);
    }

    private static Verdict verdict(boolean allowed) {
        return allowed ? Verdict.PASS : FORBIDDEN;
    }
}

package dev.sandgate.policies.catalog;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.SessionEnds;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.auth.Authentication;
import dev.sandgate.policies.auth.Authorization;
import dev.sandgate.policies.limit.ByteBudget;
import dev.sandgate.policies.limit.Concurrency;
import dev.sandgate.policies.limit.RateLimits;
import dev.sandgate.policies.limit.SessionQuota;
import dev.sandgate.policies.limit.Shedding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node's policies, one for each name: what routes share by name, they count together. Made and closed on one thread;
 * the policies are for any event loop.
 */
public final class PolicyCatalog implements AutoCloseable {

    private final Surroundings around;
    private final Map<String, Policy> policies = new LinkedHashMap<>();
    private final List<SessionEnds> ends = new ArrayList<>();

    /** An empty one. */
    public PolicyCatalog(Surroundings around) {
        this.around = around;
    }

    /** The policy of this name; made when it is asked for first. */
    public Policy policy(PolicyConfig config) {
        Policy known = policies.get(config.name());
        if (known != null) {
            return known;
        }
        Policy made = make(config);
        policies.put(config.name(), made);
        if (made instanceof SessionEnds hears) {
            ends.add(hears);
        }
        return made;
    }

    private Policy make(PolicyConfig config) {
        if (config instanceof PolicyConfig.Authenticate authenticate) {
            return Authentication.of(authenticate, around);
        } else if (config instanceof PolicyConfig.Authorize authorize) {
            return Authorization.of(authorize);
        } else if (config instanceof PolicyConfig.RateLimit rate) {
            return RateLimits.of(rate, around);
        } else if (config instanceof PolicyConfig.Concurrency concurrency) {
            return Concurrency.of(concurrency, around);
        } else if (config instanceof PolicyConfig.SessionQuota quota) {
            return SessionQuota.of(quota);
        } else if (config instanceof PolicyConfig.ByteBudget budget) {
            return ByteBudget.of(budget);
        } else if (config instanceof PolicyConfig.Shed shed) {
            return Shedding.of(shed);
        }
        throw new IllegalArgumentException("a policy without a class: " + config.name());
    }

    /** All names, in the order in which they were made. */
    public List<String> names() {
        return List.copyOf(policies.keySet());
    }

    /** A session is over. Any thread, once no more policies are made. */
    public void sessionOver(SessionKey key) {
        ends.forEach(each -> each.over(key));
    }

    /** Ends what runs on its own. */
    @Override
    public void close() {
        for (Policy policy : policies.values()) {
            if (policy instanceof AutoCloseable runs) {
                try {
                    runs.close();
                } catch (Exception failure) {
                    throw new IllegalStateException("a policy could not be closed", failure);
                }
            }
        }
    }
}

package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Authorize;
import dev.sandgate.conf.PolicyConfig.ByteBudget;
import dev.sandgate.conf.PolicyConfig.Concurrency;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.conf.PolicyConfig.SessionQuota;
import dev.sandgate.conf.PolicyConfig.Shed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code policies} of routes: names of those that routes share, and a route's own. */
final class RoutePolicies {

    static final int MOST = 32;

    private static final String EXPECTED = "the name of a policy, or " + PoliciesReader.EXPECTED;

    private final PoliciesReader reader;
    private final Optional<Value> said;
    private final Map<String, PolicyConfig> fit;
    private final Set<String> named = new HashSet<>();

    /**
     * An item of a route's list.
     *
     * @param policy empty: it is unfit, which was told
     */
    private record Item(Value said, Optional<PolicyConfig> policy) {}

    /**
     * @param said the shared ones as the file says them
     * @param fit those in which nothing was missing, by name
     */
    RoutePolicies(PoliciesReader reader, Optional<Value> said, Map<String, PolicyConfig> fit) {
        this.reader = reader;
        this.said = said;
        this.fit = fit;
    }

    Shape<List<PolicyConfig>> of(String route) {
        String expected = "a list of at most " + MOST + " policies";
        return Shape.of(expected, value -> {
            Map<String, Integer> counts = new HashMap<>();
            List<Item> items = new ArrayList<>();
            Shape<PolicyConfig> policy = Shape.of(EXPECTED, one -> {
                Optional<PolicyConfig> read = policy(one, route, counts);
                items.add(new Item(one, read));
                return read;
            });
            Optional<List<PolicyConfig>> read =
                    Lists.of("policies", policy, 0, MOST, PolicyConfig::name).read(value);
            refuseOrder(items);
            return read;
        });
    }

    /** Warns of each shared policy that no route names. */
    void warnOfUnnamed() {
        said.ifPresent(all -> fit.keySet().stream()
                .filter(name -> !named.contains(name))
                .flatMap(name -> all.member(name).stream())
                .forEach(policy -> policy.context()
                        .problems()
                        .warn(policy.node(), "a policy that a route names; nobody asks this one")));
    }

    /** Warns of each policy that counts sessions, on a route that has none. */
    static void warnOfSessions(Value said, List<PolicyConfig> policies) {
        List<Value> items = said.items("").orElse(List.of());
        for (int at = 0; items.size() == policies.size() && at < policies.size(); at++) {
            PolicyConfig policy = policies.get(at);
            boolean ofSessions = policy instanceof SessionQuota
                    || policy instanceof Shed
                    || key(policy)
                            .filter(key -> key.parts().contains(Part.SESSION))
                            .isPresent();
            if (ofSessions) {
                said.context()
                        .problems()
                        .warn(
                                items.get(at).node(),
                                "a policy for a route without affinity; this one is about"
                                        + " sessions, and its requests have none");
            }
        }
    }

    private Optional<PolicyConfig> policy(Value value, String route, Map<String, Integer> counts) {
        if (value.node() instanceof Node.Members object) {
            return reader.policy(new Section(object, value.context()), kind -> ownName(route + "/" + kind, counts));
        }
        Optional<String> name = value.text(EXPECTED);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        named.add(name.get());
        return isKnown(name.get()) ? Optional.ofNullable(fit.get(name.get())) : refuseUnknown(value, name.get());
    }

    private static String ownName(String name, Map<String, Integer> counts) {
        int count = counts.merge(name, 1, Integer::sum);
        return count == 1 ? name : name + "-" + count;
    }

    /** Also where the shared ones could not be read at all, which was told. */
    private boolean isKnown(String name) {
        return said.filter(all -> !(all.node() instanceof Node.Members)
                        || all.member(name).isPresent())
                .isPresent();
    }

    private Optional<PolicyConfig> refuseUnknown(Value value, String name) {
        if (reader.kinds().contains(name)) {
            return value.refuse(EXPECTED, "; did you mean { \"" + name + "\": { ... } }?");
        }
        return said.isPresent()
                ? NamedSections.refuseUnknown(value, "the name of a policy", name, said.get())
                : value.refuse(EXPECTED + "; there are none under \"policies\" at the top");
    }

    /** Who calls is told once, and before anything asks for it. */
    private static void refuseOrder(List<Item> items) {
        Optional<Item> first = Optional.empty();
        for (Item item : items) {
            // What is unfit may have been to tell who calls.
            if (item.policy.isEmpty() || item.policy.get() instanceof Authenticate) {
                if (first.isPresent() && first.get().policy.isPresent() && item.policy.isPresent()) {
                    item.said.refuse("one authenticate on a route; "
                            + first.get().said.node().spot().path() + " is one");
                }
                first = first.isPresent() ? first : Optional.of(item);
            } else if (first.isEmpty()) {
                needOfCaller(item.policy.get())
                        .ifPresent(need -> item.said.refuse("an authenticate before it on this route; " + need
                                + ", which only authenticate tells"));
            }
        }
    }

    /** What a policy asks of the caller; empty: nothing. */
    private static Optional<String> needOfCaller(PolicyConfig policy) {
        if (policy instanceof Authorize authorize) {
            boolean rules = authorize.rules().stream()
                    .anyMatch(rule -> !rule.principals().isEmpty()
                            || !rule.tenants().isEmpty()
                            || !rule.scopes().isEmpty());
            return rules || !authorize.scopes().isEmpty()
                    ? Optional.of("it asks for the caller's scopes, tenant or name")
                    : Optional.empty();
        }
        if (policy instanceof Shed shed) {
            return shed.classes().isEmpty() ? Optional.empty() : Optional.of("it asks for the caller's class");
        }
        return key(policy).flatMap(key -> key.parts().stream()
                .filter(part -> part == Part.PRINCIPAL || part == Part.TENANT)
                .map(part -> "its key has the caller's " + (part == Part.TENANT ? "tenant" : "name"))
                .findFirst());
    }

    private static Optional<PolicyConfig.Key> key(PolicyConfig policy) {
        if (policy instanceof RateLimit limit) {
            return Optional.of(limit.key());
        }
        if (policy instanceof Concurrency limit) {
            return Optional.of(limit.key());
        }
        if (policy instanceof ByteBudget budget) {
            return Optional.of(budget.key());
        }
        return policy instanceof SessionQuota quota ? Optional.of(quota.key()) : Optional.empty();
    }
}

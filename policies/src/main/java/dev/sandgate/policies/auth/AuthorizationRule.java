package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Rule;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One rule, ready to be asked: what needs work stands last, and the client's address apart. Any thread; no allocation. */
final class AuthorizationRule {

    /** A whole name; anything else is a subject, so that nobody can be called by another's name. */
    private static final Pattern WHOLE =
            Pattern.compile("(apiKey|jwt|introspection|clientCertificate|header):[^|]*\\|.*");

    private final Rule rule;
    private final Set<String> names;
    private final Set<String> subjects;
    private final List<String> paths;
    private final List<IPAddress> ranges;

    AuthorizationRule(Rule rule) {
        this.rule = rule;
        this.names = principals(rule, true);
        this.subjects = principals(rule, false);
        this.paths = rule.paths().stream()
                .map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                .toList();
        this.ranges = rule.ranges().stream().map(IPAddress::toPrefixBlock).toList();
    }

    private static Set<String> principals(Rule rule, boolean whole) {
        return rule.principals().stream()
                .filter(each -> WHOLE.matcher(each).matches() == whole)
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean allows() {
        return rule.allow();
    }

    /** Whether all that it names is true of the request, the client's address left out. */
    boolean takes(Seen seen, Principal caller) {
        return (rule.methods().isEmpty() || rule.methods().contains(seen.method()))
                && (rule.principals().isEmpty() || isNamed(caller))
                && (rule.tenants().isEmpty() || rule.tenants().contains(caller.tenant()))
                && caller.scopes().containsAll(rule.scopes())
                && (paths.isEmpty() || isUnder(seen.path()));
    }

    private boolean isNamed(Principal caller) {
        return caller.isSomebody() && (names.contains(caller.name()) || subjects.contains(caller.subject()));
    }

    // as routes: "/a/" and "/a" are the same prefix by segment; "/" is the prefix of everything
    private boolean isUnder(String path) {
        for (int at = 0; at < paths.size(); at++) {
            String prefix = paths.get(at);
            if (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
                return true;
            }
        }
        return false;
    }

    boolean asksAddress() {
        return !ranges.isEmpty();
    }

    /** Whether it names a range with this address in it. One that nobody can read is let in by no rule, and kept out by any. */
    boolean takes(ClientAddress client) {
        return client.isIn(ranges, !rule.allow());
    }
}

package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Authorize;
import dev.sandgate.conf.PolicyConfig.Rule;
import inet.ipaddr.IPAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the policy {@code authorize}. */
final class AuthorizeReader {

    static final String EXPECTED = "an object with scopes, rules or otherwise";

    private static final String RULE = "a rule such as { \"allow\": { \"methods\": [\"GET\"] } }";
    private static final String CONDITIONS =
            "an object with methods, paths, principals, tenants, scopes or ips; {} takes every request";
    private static final int MOST_RULES = 1000;
    private static final int MOST = 100;
    private static final Shape<Boolean> OTHERWISE = Scalars.oneOf(Map.of("allow", true, "deny", false));
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z_-]{0,31}");
    private static final Shape<String> METHOD_NAME =
            Shape.of("the name of a method, such as \"GET\"", AuthorizeReader::method);
    private static final Shape<String> PRINCIPAL = CallerShapes.line("a subject, or kind:issuer|subject,");
    private static final Shape<List<Rule>> RULES = Lists.of("rules", rule(), 0, MOST_RULES);

    private AuthorizeReader() {}

    static Optional<PolicyConfig> authorize(String name, Section section) {
        Set<String> scopes = section.find("scopes", CallerShapes.SCOPES).orElse(Set.of());
        List<Rule> rules = section.find("rules", RULES).orElse(List.of());
        Optional<Boolean> otherwise = section.find("otherwise", OTHERWISE);
        section.end();
        if (section.members().isEmpty()) {
            section.refuse(EXPECTED);
        }
        boolean ruled =
                section.take("rules").filter(value -> !value.isEmptyList()).isPresent();
        return Optional.of(new Authorize(name, scopes, rules, otherwise.orElse(!ruled)));
    }

    private static Shape<Rule> rule() {
        Map<String, Shape<? extends Rule>> kinds = new LinkedHashMap<>();
        kinds.put("allow", conditions(true));
        kinds.put("deny", conditions(false));
        return new Choice<Rule>(RULE, "one rule in each object; this one wants an object of its own", kinds).shape();
    }

    private static Shape<Rule> conditions(boolean allow) {
        return Shape.of(CONDITIONS, value -> value.section(CONDITIONS).map(section -> conditions(allow, section)));
    }

    private static Rule conditions(boolean allow, Section section) {
        Set<String> methods = texts(section, "methods", METHOD_NAME);
        List<String> paths = section.find("paths", Lists.of("paths", RouteShapes.PATH, 0, MOST))
                .orElse(List.of());
        Set<String> principals = texts(section, "principals", PRINCIPAL);
        Set<String> tenants = texts(section, "tenants", CallerShapes.TENANT);
        Set<String> scopes = texts(section, "scopes", CallerShapes.SCOPE);
        List<IPAddress> ranges = section.find("ips", Lists.of("addresses or CIDR blocks", Addresses.BLOCK, 0, 1000))
                .orElse(List.of());
        section.end();
        return new Rule(allow, methods, paths, principals, tenants, scopes, ranges);
    }

    private static Set<String> texts(Section section, String key, Shape<String> item) {
        return section.find(key, Lists.set(Lists.of(key, item, 0, MOST))).orElse(Set.of());
    }

    private static Optional<String> method(Value value) {
        Optional<String> name = value.text(METHOD_NAME.expected());
        if (name.isEmpty() || METHOD.matcher(name.get()).matches()) {
            return name;
        }
        String upper = name.get().toUpperCase(Locale.ROOT);
        String hint = METHOD.matcher(upper).matches() ? "; did you mean \"" + upper + "\"?" : "";
        return value.refuse(METHOD_NAME.expected(), hint);
    }
}

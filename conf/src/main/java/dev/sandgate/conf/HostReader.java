package dev.sandgate.conf;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the sources {@code host} of one route. */
final class HostReader {

    private static final String EXPECTED =
            "\"{session}\" or \"{port}-{session}\" and a domain, such as \"{session}.apps.example.com\"";
    private static final Pattern TEMPLATE = Pattern.compile("(\\{port\\}-)?\\{session\\}\\.(.+)");
    private static final Pattern WITH_PORT = Pattern.compile("[^:]*:[0-9]+");

    private final RouteFacts route;
    private final Set<String> whole = new HashSet<>();

    HostReader(RouteFacts route) {
        this.route = route;
    }

    Shape<AffinityConfig.Host> host() {
        return Shape.of(EXPECTED, this::host);
    }

    private Optional<AffinityConfig.Host> host(Value value) {
        Optional<String> text = value.text(EXPECTED);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher template = TEMPLATE.matcher(text.get());
        Optional<String> name = template.matches()
                ? Addresses.host(template.group(2))
                        .filter(host -> Addresses.address(host).isEmpty())
                : Optional.empty();
        if (name.isEmpty()) {
            return value.refuse(EXPECTED, WITH_PORT.matcher(text.get()).matches() ? ", without a port" : "");
        }
        AffinityConfig.Host host = new AffinityConfig.Host(template.group(1) != null, "." + name.get());
        return fits(host, value) ? Optional.of(host) : Optional.empty();
    }

    private boolean fits(AffinityConfig.Host host, Value value) {
        if (!route.takesLabelsOf(host.domain())) {
            value.refuse(
                    "a domain that a wildcard of the route's \"hosts\" takes",
                    "; \"*" + host.domain() + "\" is not among them");
            return false;
        }
        if (!host.port()) {
            whole.add(host.domain());
        } else if (!route.ports()) {
            value.refuse("a pool with \"ports\", such as \"3000-9999\"; {port} reaches no others");
            return false;
        } else if (whole.contains(host.domain())) {
            value.refuse("this one before \"{session}\" of the same domain, which takes its ports as part of the id");
            return false;
        }
        return true;
    }
}

package dev.sandgate.conf;

import dev.sandgate.conf.AffinityConfig.Principal;
import java.util.Optional;

/** Reads the source {@code principal}. */
final class PrincipalReader {

    private static final String EXPECTED = "true, or an object with header";
    private static final Shape<String> NAME = HeaderReader.name(Principal.DEFAULT_HEADER);

    private final RouteFacts route;

    PrincipalReader(RouteFacts route) {
        this.route = route;
    }

    Shape<Principal> principal() {
        return Shape.of(EXPECTED, value -> header(value).flatMap(header -> believed(value, header)));
    }

    private static Optional<String> header(Value value) {
        if (value.node() instanceof Node.Members object) {
            Section section = new Section(object, value.context());
            Optional<Value> said = section.take("header");
            Optional<String> header = section.find("header", NAME);
            section.end();
            return said.isEmpty() ? Optional.of(Principal.DEFAULT_HEADER) : header;
        }
        if (value.isLiteral() && value.node() instanceof Node.Scalar scalar && isName(scalar)) {
            return value.refuse(EXPECTED, "; did you mean { \"header\": \"" + scalar.text() + "\" }?");
        }
        Optional<String> yes = value.bare(Node.Kind.BOOLEAN, EXPECTED);
        return yes.isEmpty() || yes.get().equals("true")
                ? yes.map(said -> Principal.DEFAULT_HEADER)
                : value.refuse(EXPECTED);
    }

    private static boolean isName(Node.Scalar scalar) {
        boolean word = scalar.text().equals("true") || scalar.text().equals("false");
        return scalar.kind() == Node.Kind.STRING
                && !word
                && HeaderNames.TOKEN.matcher(scalar.text()).matches();
    }

    private Optional<Principal> believed(Value value, String header) {
        if (route.authenticates()) {
            return value.member("header").isEmpty()
                    ? Optional.of(new Principal(""))
                    : value.refuse("true; the route's own authenticate tells who calls");
        }
        return route.proxiesNamed()
                ? Optional.of(new Principal(header))
                : value.refuse("a listener with trustedProxies; nobody else is believed about who calls");
    }
}

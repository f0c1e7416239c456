package dev.sandgate.conf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Reads {@code listeners} and {@code admin}, which share the machine's ports. */
final class ListenersReader {

    static final String ADMIN_HOST = "127.0.0.1";

    private static final Shape<Integer> PORT = Scalars.whole(0, 65535);
    /** As RFC 6750 section 2.1 has it, for it travels in a field. */
    private static final Shape<String> TOKEN = Scalars.text(
            "a token of at least 32 letters, digits, \"-\", \".\", \"_\", \"~\", \"+\" or \"/\", with \"=\" only at its end",
            Pattern.compile("(?=.{32})[A-Za-z0-9._~+/-]+=*"));

    private final List<Seat> seats = new ArrayList<>();
    private final TlsReader tls;
    private boolean proxiesNamed;
    private boolean certificatesAsked;

    private record Seat(String host, int port, Spot spot) {}

    /** @param atRunTime whether certificates may come once the node runs */
    ListenersReader(boolean atRunTime) {
        this.tls = new TlsReader(atRunTime);
    }

    Shape<Map<String, ListenerConfig>> listeners() {
        return NamedSections.of("a listener", this::listener);
    }

    Shape<AdminConfig> admin() {
        String expected = "an object with the admin listener's port";
        return Shape.of(expected, value -> value.section(expected).flatMap(this::admin));
    }

    /** Whether one of the listeners read so far trusts a proxy; also where its name is unfit, which was told. */
    boolean proxiesNamed() {
        return proxiesNamed;
    }

    /** Whether one of the listeners read so far asks clients for certificates; also where that could not be read. */
    boolean certificatesAsked() {
        return certificatesAsked;
    }

    private Optional<AdminConfig> admin(Section section) {
        String host = section.find("host", Addresses.HOST).orElse(ADMIN_HOST);
        Optional<Integer> port = port(section, Optional.of(host));
        Optional<String> token = section.find("token", TOKEN);
        section.end();
        if (!Addresses.isLoopback(host)) {
            warnOfOthers(section);
        }
        return port.map(number -> new AdminConfig(host, number, token));
    }

    private static void warnOfOthers(Section section) {
        Optional<Value> host = section.take("host");
        if (section.take("token").isEmpty()) {
            host.ifPresent(value -> value.refuse("a loopback address such as \"127.0.0.1\", or a token beside this one;"
                    + " whoever reaches it may end sessions"));
        } else {
            host.ifPresent(value -> value.context()
                    .problems()
                    .warn(value.node(), "a loopback address; the token crosses this network in clear text"));
        }
    }

    private Optional<ListenerConfig> listener(String name, Section section) {
        Optional<String> host = section.need("host", Addresses.HOST);
        Optional<Integer> port = port(section, host);
        Optional<TlsConfig> tls = section.find("tls", this.tls.tls());
        OptionalInt httpsPort = HttpsReader.redirect(section);
        Optional<HstsConfig> hsts = HttpsReader.hsts(section);
        boolean http2 = section.find("http2", Scalars.BOOLEAN).orElse(true);
        var proxies = section.find("trustedProxies", Lists.of("addresses or CIDR blocks", Addresses.BLOCK, 0, 1000))
                .orElse(List.of());
        proxiesNamed |= section.take("trustedProxies")
                .filter(value -> !value.isEmptyList())
                .isPresent();
        certificatesAsked |= section.take("tls")
                .filter(value -> value.member("clients").isPresent())
                .isPresent();
        LimitsConfig limits = section.find("limits", limits()).orElse(LimitsConfig.DEFAULT);
        section.end();
        if (host.isEmpty() || port.isEmpty()) {
            return Optional.empty();
        }
        ListenerConfig listener =
                new ListenerConfig(name, host.get(), port.get(), tls, httpsPort, hsts, http2, proxies, limits);
        warnOfClearText(section, listener);
        return Optional.of(listener);
    }

    /** The port at its key, if nothing listens there yet. */
    private Optional<Integer> port(Section section, Optional<String> host) {
        Optional<Value> value = section.take("port");
        Optional<Integer> port = section.need("port", PORT);
        if (value.isEmpty() || port.isEmpty() || host.isEmpty() || port.get() == 0) {
            return port;
        }
        for (Seat seat : seats) {
            if (seat.port == port.get() && Addresses.overlap(seat.host, host.get())) {
                return value.get().refuse("a free port on this host; " + seat.spot.path() + " listens there");
            }
        }
        seats.add(new Seat(host.get(), port.get(), section.spot()));
        return port;
    }

    private static void warnOfClearText(Section section, ListenerConfig listener) {
        // Who names a trusted proxy has TLS end there.
        if (listener.tls().isEmpty()
                && listener.httpsPort().isEmpty()
                && listener.trustedProxies().isEmpty()
                && !Addresses.isLoopback(listener.host())) {
            section.take("host").ifPresent(host -> host.context()
                    .problems()
                    .warn(
                            host.node(),
                            "a listener with tls, or one that only this machine or a trusted proxy reaches;"
                                    + " session ids cross this network in clear text"));
        }
    }

    private static Shape<LimitsConfig> limits() {
        String expected = "an object with limits";
        return Shape.of(expected, value -> value.section(expected).map(ListenersReader::limits));
    }

    private static LimitsConfig limits(Section section) {
        LimitsConfig or = LimitsConfig.DEFAULT;
        Shape<Integer> many = Scalars.whole(1, 1_000_000);
        Shape<Duration> tenth = Durations.atLeast(Duration.ofMillis(100));
        int connections = section.find("connections", many).orElse(or.connections());
        int perAddress = section.find("connectionsPerAddress", many).orElse(or.connectionsPerAddress());
        int head = section.find("head", Sizes.between("1KiB", "1MiB"))
                .map(Long::intValue)
                .orElse(or.headBytes());
        int streams = section.find("http2Streams", Scalars.whole(1, 10_000)).orElse(or.http2Streams());
        OptionalLong body = section.find("body", Sizes.between("1B", "1024GiB"))
                .map(OptionalLong::of)
                .orElse(or.bodyBytes());
        Duration headTimeout = section.find("headTimeout", tenth).orElse(or.headTimeout());
        Duration keepAlive = section.find("keepAlive", tenth).orElse(or.keepAlive());
        section.end();
        return new LimitsConfig(connections, perAddress, head, streams, body, headTimeout, keepAlive);
    }
}

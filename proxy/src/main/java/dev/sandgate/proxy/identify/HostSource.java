package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Inbound;
import java.util.Optional;
import java.util.OptionalInt;

/** A label of the host, {@code {session}} or {@code {port}-{session}}; the client makes the id. */
final class HostSource implements SessionSource {

    private final AffinityConfig.Host config;

    HostSource(AffinityConfig.Host config) {
        this.config = config;
    }

    @Override
    public Source kind() {
        return Source.HOST;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        Optional<String> label = label(inbound);
        if (label.isEmpty() || !config.port()) {
            return label.map(SessionIds::checked);
        }
        return label.map(text -> SessionIds.checked(text.substring(dash(text) + 1)));
    }

    @Override
    public OptionalInt port(Inbound inbound) {
        Optional<String> label = config.port() ? label(inbound) : Optional.empty();
        return label.isPresent()
                ? OptionalInt.of(Integer.parseInt(label.get().substring(0, dash(label.get()))))
                : OptionalInt.empty();
    }

    @Override
    public String shownHost(String host) {
        String shown = config.port() ? "{port}-{session}" : "{session}";
        return label(host).isPresent() ? shown + config.domain() : host;
    }

    private Optional<String> label(Inbound inbound) {
        return label(inbound.host().name());
    }

    private Optional<String> label(String host) {
        int length = host.length() - config.domain().length();
        boolean fits = length > 0 && host.endsWith(config.domain()) && host.lastIndexOf('.', length - 1) < 0;
        return fits ? Optional.of(host.substring(0, length)) : Optional.empty();
    }

    private static int dash(String label) {
        int dash = label.indexOf('-');
        boolean digits = dash > 0 && dash <= 5 && label.chars().limit(dash).allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw Fault.of(Reason.SESSION_MALFORMED, "The host's first label is not a port, a dash and a session id");
        }
        return dash;
    }

    @Override
    public Unknown unknown() {
        return Unknown.OPENS;
    }
}

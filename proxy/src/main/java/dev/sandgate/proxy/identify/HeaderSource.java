package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Source;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Fields;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.Syntax;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request header: the client's own id, or one that we made and returned in the same header. */
final class HeaderSource implements SessionSource {

    private final String lowerName;
    private final AsciiString name;
    private final boolean generates;

    HeaderSource(AffinityConfig.Header config) {
        this.lowerName = config.name().toLowerCase(Locale.ROOT);
        this.name = AsciiString.of(config.name());
        this.generates = config.generate();
    }

    @Override
    public Source kind() {
        return Source.HEADER;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        CharSequence found = null;
        var entries = Fields.entries(inbound.request().headers());
        while (entries.hasNext()) {
            Map.Entry<? extends CharSequence, ? extends CharSequence> entry = entries.next();
            if (Syntax.equalsIgnoreCase(lowerName, entry.getKey())) {
                if (found != null) {
                    throw Fault.of(Reason.SESSION_MALFORMED);
                }
                found = entry.getValue();
            }
        }
        return found == null ? Optional.empty() : Optional.of(SessionIds.checked(found.toString()));
    }

    @Override
    public Unknown unknown() {
        return generates ? Unknown.REFUSED : Unknown.OPENS;
    }

    @Override
    public boolean makes() {
        return generates;
    }

    @Override
    public void hide(MultiMap fields) {
        fields.remove(name);
    }

    @Override
    public void tellInstance(String id, MultiMap fields) {
        fields.set(name, id);
    }

    @Override
    public void tellClient(Binding binding, Inbound inbound, MultiMap fields) {
        fields.set(name, binding.key().id());
    }
}

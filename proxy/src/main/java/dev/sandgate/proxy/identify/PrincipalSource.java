package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/**
 * The caller: one session for each, as the route's policies told, else as a trusted proxy names it. From anyone else that
 * proxy's header is taken out.
 */
final class PrincipalSource implements SessionSource {

    private static final String BY_PROXY = "proxy:|";
    /** The principal is in the key already: one session for each. */
    private static final String ONLY = "principal";

    private final String header;

    PrincipalSource(AffinityConfig.Principal config) {
        this.header = config.header();
    }

    /**
     * Who calls by the proxy's word, {@code proxy:|<name>}; empty: nobody in particular, or nobody is asked.
     *
     * @throws Fault {@link Reason#SESSION_MALFORMED} where the proxy names two
     */
    String principal(Inbound inbound) {
        if (!inbound.trusted() || header.isEmpty()) {
            return "";
        }
        List<String> names = inbound.request().headers().getAll(header);
        if (names.size() > 1) {
            throw Fault.of(Reason.SESSION_MALFORMED);
        }
        return names.isEmpty() || names.get(0).isEmpty() ? "" : BY_PROXY + names.get(0);
    }

    @Override
    public Source kind() {
        return Source.PRINCIPAL;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        boolean known = !inbound.principal().isEmpty() || !principal(inbound).isEmpty();
        return known ? Optional.of(ONLY) : Optional.empty();
    }

    @Override
    public Unknown unknown() {
        return Unknown.OPENS;
    }

    @Override
    public List<SessionKey> named(String pool, String carried) {
        return List.of(new SessionKey(pool, kind(), ONLY, header.isEmpty() ? carried : BY_PROXY + carried));
    }

    @Override
    public void strip(Inbound inbound, MultiMap fields) {
        if (!inbound.trusted() && !header.isEmpty()) {
            fields.remove(header);
        }
    }
}

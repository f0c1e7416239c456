package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.identify.Identified.Free;
import dev.sandgate.proxy.identify.Identified.Known;
import dev.sandgate.proxy.identify.Identified.Nameless;
import dev.sandgate.proxy.inbound.Inbound;
import java.util.List;
import java.util.Optional;

/** A route's affinity: its sources, in reading order. Any loop. */
public final class Identifier {

    private final String pool;
    private final List<SessionSource> sources;

    public Identifier(String pool, List<AffinityConfig> sources) {
        this.pool = pool;
        this.sources = sources.stream().map(Identifier::source).toList();
    }

    private static SessionSource source(AffinityConfig config) {
        if (config instanceof AffinityConfig.Header header) {
            return new HeaderSource(header);
        }
        throw new IllegalArgumentException("an affinity source without a class: " + config);
    }

    /**
     * Reads the session of a request: the first source that is present wins.
     *
     * @param principal who calls; empty: nobody in particular
     * @throws Fault where an id is malformed
     */
    public Identified identify(Inbound inbound, String principal) {
        for (int at = 0; at < sources.size(); at++) {
            SessionSource source = sources.get(at);
            Optional<String> id = source.read(inbound);
            if (id.isPresent()) {
                return new Known(source, new SessionKey(pool, source.kind(), id.get(), principal), !source.makes());
            }
        }
        for (int at = 0; at < sources.size(); at++) {
            if (sources.get(at).makes()) {
                return new Nameless(sources.get(at));
            }
        }
        return Free.FREE;
    }
}

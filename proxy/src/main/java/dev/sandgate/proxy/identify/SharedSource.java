package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/** Where a {@link SharedSession} stands: in no request. What a request says of another session is kept from the instance. */
final class SharedSource implements SessionSource {

    private final SharedSession session;
    private final Source kind;
    private final List<SessionSource> others;

    /** @param others of the route, none of which is read */
    SharedSource(SharedSession session, List<SessionSource> others) {
        this.session = session;
        this.others = others;
        this.kind = session.kind().orElseGet(() -> others.stream()
                .filter(source -> source.unknown() == Unknown.OPENS)
                .map(SessionSource::kind)
                .filter(SharedSession.KINDS::contains)
                .findFirst()
                .orElse(Source.HEADER));
    }

    @Override
    public Source kind() {
        return kind;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        return Optional.of(session.id());
    }

    @Override
    public Unknown unknown() {
        return Unknown.OPENS;
    }

    @Override
    public void strip(Inbound inbound, MultiMap fields) {
        for (int at = 0; at < others.size(); at++) {
            others.get(at).hide(fields);
        }
        for (int at = 0; at < others.size(); at++) {
            if (others.get(at).kind() == kind) {
                others.get(at).tellInstance(session.id(), fields);
            }
        }
    }
}

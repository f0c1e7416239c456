package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every generation of MCP: {@code Mcp-Session-Id} (Streamable HTTP, 2025-03-26 to 2025-11-25), the id in the messages
 * URL (HTTP+SSE, 2024-11-05), and none (2026-07-28: such a request has no MCP session, whatever it carries).
 */
public final class McpSource implements SessionSource {

    /** In front of an HTTP+SSE id in the table: the two transports' ids are two name spaces. */
    private static final String SSE = "sse:";

    private static final String STREAMABLE = "http:";
    private static final String SESSION_FIELD = "mcp-session-id";
    private static final String VERSION_FIELD = "mcp-protocol-version";
    private static final String FIRST_STATELESS = "2026-07-28";

    private final AffinityConfig.Mcp config;
    private final Optional<Seal> seal;

    /** @param seal in which clients get ids of Streamable HTTP; empty: as the instance made them */
    McpSource(AffinityConfig.Mcp config, Optional<Seal> seal) {
        this.config = config;
        this.seal = seal;
    }

    public AffinityConfig.Mcp config() {
        return config;
    }

    /** The id of a session of Streamable HTTP, as it stands in the field: it can be ended with DELETE. */
    public static Optional<String> streamable(SessionKey key) {
        return key.source() == Source.MCP && key.id().startsWith(STREAMABLE)
                ? Optional.of(key.id().substring(STREAMABLE.length()))
                : Optional.empty();
    }

    /** The table id of an HTTP+SSE session. */
    public static String sse(String id) {
        return SSE + id;
    }

    /** Whether a request is of a generation without sessions (versions are dates: they compare as text). */
    public static boolean isStateless(Inbound inbound) {
        String version = inbound.request().headers().get(VERSION_FIELD);
        return version != null
                && version.length() == FIRST_STATELESS.length()
                && version.compareTo(FIRST_STATELESS) >= 0;
    }

    @Override
    public Source kind() {
        return Source.MCP;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        if (isStateless(inbound)) {
            return Optional.empty();
        }
        String header = inbound.request().headers().get(SESSION_FIELD);
        if (header != null) {
            return Optional.of(STREAMABLE + checked(opened(header)));
        }
        if (!inbound.request().method().equals(HttpMethod.POST)) {
            return Optional.empty();
        }
        try {
            return QuerySource.Queries.only(inbound.target(), this::isIdParameter)
                    .map(id -> SSE + checked(id));
        } catch (Fault malformed) {
            throw Fault.of(Reason.SESSION_UNKNOWN);
        }
    }

    // One that was not sealed here cannot exist.
    private String opened(String header) {
        return seal.isEmpty() ? header : seal.get().open(header).orElse("");
    }

    @Override
    public boolean seals() {
        return seal.isPresent();
    }

    @Override
    public Optional<Vouch> vouch(SessionKey key, Inbound inbound) {
        String header = inbound.request().headers().get(SESSION_FIELD);
        return header == null
                ? Optional.empty()
                : seal.flatMap(known -> streamable(key).flatMap(id -> known.vouch(header, key.pool(), id)));
    }

    /**
     * Puts the instance's own id where the client sent a sealed one.
     *
     * @param home of the request, where it has one
     */
    void unseal(@Nullable Binding home, MultiMap fields) {
        String sent = seal.isEmpty() ? null : fields.get(SESSION_FIELD);
        if (sent == null) {
            return;
        }
        Optional<String> known = home == null ? Optional.empty() : streamable(home.key());
        Optional<String> own = known.isPresent() ? known : seal.get().open(sent);
        fields.remove(SESSION_FIELD);
        own.ifPresent(id -> fields.set(SESSION_FIELD, id));
    }

    /**
     * Seals the id that an instance sends, so that no client ever sees it.
     *
     * @param session that the answer belongs to or began, where there is one
     */
    void seal(@Nullable Binding session, Inbound inbound, MultiMap fields) {
        List<String> ids = seal.isEmpty() ? List.of() : fields.getAll(SESSION_FIELD);
        if (ids.isEmpty()) {
            return;
        }
        fields.remove(SESSION_FIELD);
        if (ids.size() == 1 && SessionIds.isWellFormed(ids.get(0))) {
            fields.set(SESSION_FIELD, sealed(ids.get(0), session, inbound));
        }
    }

    private String sealed(String id, @Nullable Binding session, Inbound inbound) {
        boolean known = session != null && session.key().id().equals(STREAMABLE + id);
        String brought = inbound.request().headers().get(SESSION_FIELD);
        if (known && brought != null) {
            // the client has it already, and need not learn another
            return brought;
        }
        return seal.orElseThrow().seal(id, known && session != null ? session.vouch() : Optional.empty());
    }

    /** Whether a query value of this name is a session id. */
    public boolean isIdParameter(String name) {
        List<String> names = config.idParameters();
        return names.stream().anyMatch(name::equalsIgnoreCase);
    }

    @Override
    public List<SessionKey> named(String pool, String carried) {
        // as a client has it, or as the instance does
        String own = seal.flatMap(known -> known.open(carried)).orElse(carried);
        return List.of(
                new SessionKey(pool, kind(), STREAMABLE + own, ""), new SessionKey(pool, kind(), SSE + carried, ""));
    }

    // An id that cannot exist is unknown: clients recover from 404 only.
    private static String checked(String id) {
        if (!SessionIds.isWellFormed(id)) {
            throw Fault.of(Reason.SESSION_UNKNOWN);
        }
        return id;
    }

    @Override
    public Unknown unknown() {
        return Unknown.REFUSED;
    }

    @Override
    public boolean mayLearn(Inbound inbound) {
        if (isStateless(inbound)) {
            return false;
        }
        HttpMethod method = inbound.request().method();
        return method.equals(HttpMethod.POST) || opensEventStream(inbound);
    }

    /** Whether this is a GET that may open an HTTP+SSE session. */
    public boolean opensEventStream(Inbound inbound) {
        if (!inbound.request().method().equals(HttpMethod.GET) || isStateless(inbound)) {
            return false;
        }
        if (!config.ssePaths().isEmpty()) {
            return config.ssePaths().contains(inbound.path());
        }
        String accept = inbound.request().headers().get("accept");
        return accept == null || accept.contains("text/event-stream") || accept.contains("*/*");
    }

    @Override
    public Optional<String> learn(AnswerHead head) {
        List<String> ids = head.fields().getAll(SESSION_FIELD);
        boolean one = ids.size() == 1 && head.status() < 300 && SessionIds.isWellFormed(ids.get(0));
        return one ? Optional.of(STREAMABLE + ids.get(0)) : Optional.empty();
    }
}

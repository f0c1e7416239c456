package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.identify.Identified.Free;
import dev.sandgate.proxy.identify.Identified.Known;
import dev.sandgate.proxy.identify.Identified.Nameless;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A route's affinity: its sources, in reading order. Any loop. */
public final class Identifier {

    private final String pool;
    private final List<SessionSource> sources;
    private final @Nullable PrincipalSource principals;
    private final Optional<McpSource> mcp;
    private final boolean learns;
    private final @Nullable Known shared;
    private final boolean seals;

    /** @param seal in which clients get the ids of its MCP sessions; empty: as the instance made them */
    public Identifier(String pool, List<AffinityConfig> sources, Optional<Seal> seal) {
        this.pool = pool;
        this.sources =
                sources.stream().map(config -> source(config, pool, seal)).toList();
        this.principals = first(PrincipalSource.class).orElse(null);
        this.mcp = first(McpSource.class);
        this.seals = this.sources.stream().anyMatch(SessionSource::seals);
        this.learns = mcp.isPresent() || first(ApplicationCookieSource.class).isPresent();
        this.shared = null;
    }

    private Identifier(Identifier own, SharedSession session) {
        this.pool = own.pool;
        this.sources = own.sources;
        this.principals = own.principals;
        this.mcp = own.mcp;
        this.learns = own.learns;
        this.seals = own.seals;
        SharedSource source = new SharedSource(session, sources);
        SessionKey key = new SessionKey(pool, source.kind(), session.id(), session.principal());
        this.shared = new Known(source, key, List.of());
    }

    /** The same for requests which are all of this session: none of them is asked. */
    public Identifier sharing(SharedSession session) {
        return new Identifier(this, session);
    }

    private <S extends SessionSource> Optional<S> first(Class<S> kind) {
        return sources.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    private static SessionSource source(AffinityConfig config, String pool, Optional<Seal> seal) {
        if (config instanceof AffinityConfig.Header header) {
            return new HeaderSource(header);
        } else if (config instanceof AffinityConfig.Cookie cookie) {
            return cookie.learn() ? new ApplicationCookieSource(cookie) : new CookieSource(cookie, pool);
        } else if (config instanceof AffinityConfig.Query query) {
            return new QuerySource(query.name());
        } else if (config instanceof AffinityConfig.Path path) {
            return new PathSource(path.before());
        } else if (config instanceof AffinityConfig.Host host) {
            return new HostSource(host);
        } else if (config instanceof AffinityConfig.Principal principal) {
            return new PrincipalSource(principal);
        } else if (config instanceof AffinityConfig.Mcp protocol) {
            return new McpSource(protocol, seal);
        }
        throw new IllegalArgumentException("an affinity source without a class: " + config);
    }

    /**
     * Reads the session of a request: the first source that is present wins.
     *
     * @throws Fault where an id is malformed
     */
    public Identified identify(Inbound inbound) {
        return identify(inbound, 0);
    }

    /**
     * Reads the session of a request whose id from this source counts as absent: the first source after it wins.
     *
     * @throws Fault where an id is malformed
     */
    public Identified identifyAfter(SessionSource source, Inbound inbound) {
        return identify(inbound, sources.indexOf(source) + 1);
    }

    /**
     * The same, of sources from this {@linkplain #rank rank} on.
     *
     * @throws Fault where an id is malformed
     */
    public Identified identify(Inbound inbound, int from) {
        if (shared != null) {
            return shared;
        }
        String principal = principal(inbound);
        for (int at = from; at < sources.size(); at++) {
            SessionSource source = sources.get(at);
            Optional<String> id = source.read(inbound);
            if (id.isPresent()) {
                SessionKey key = new SessionKey(pool, source.kind(), id.get(), principal);
                return new Known(source, key, learnersBeside(source, inbound));
            }
        }
        return nameless(inbound);
    }

    /** The place of a source in the reading order, the first is 0; the same source of another pool has the same one. */
    public int rank(SessionSource source) {
        return sources.indexOf(source);
    }

    /** Whether some of its ids open in this pool alone. */
    public boolean seals() {
        return seals;
    }

    /** Whether the ids of another pool may be none here, so that a source after one may be read in their place. */
    public boolean overlooks(SessionSource source) {
        for (int at = 0; at < sources.size() && sources.get(at) != source; at++) {
            if (sources.get(at).seals()) {
                return true;
            }
        }
        return false;
    }

    /**
     * The session that a request names in this pool too, with the id that it brings for another pool.
     *
     * @param rank of the source that was read there
     * @param there what it says of the other pool
     * @return empty where the id says nothing here
     */
    public Optional<Known> same(int rank, Known there, Inbound inbound) {
        if (shared != null) {
            return Optional.of(shared);
        }
        SessionSource source = sources.get(rank);
        if (!source.seals() && !there.source().seals()) {
            SessionKey key = there.key();
            return Optional.of(new Known(
                    source,
                    new SessionKey(pool, key.source(), key.id(), key.principal()),
                    learnersBeside(source, inbound)));
        }
        try {
            return source.read(inbound)
                    .map(id -> new Known(source, key(source, id, inbound), learnersBeside(source, inbound)));
        } catch (Fault unreadable) {
            return Optional.empty();
        }
    }

    /**
     * Who calls, by the word of a policy or of a trusted proxy, as keys of sessions say it; empty: nobody in particular.
     *
     * @throws Fault where the proxy names two
     */
    public String caller(Inbound inbound) {
        return principal(inbound);
    }

    // a policy that knows who calls has the last word
    private String principal(Inbound inbound) {
        return principals == null || !inbound.principal().isEmpty()
                ? inbound.principal()
                : principals.principal(inbound);
    }

    /** What a request says that brings no id, or one that counts as none. */
    public Identified nameless(Inbound inbound) {
        List<SessionSource> learners = learners(inbound);
        Optional<SessionSource> maker =
                sources.stream().filter(SessionSource::makes).findFirst();
        return learners.isEmpty() && maker.isEmpty() ? Free.FREE : new Nameless(learners, maker);
    }

    // an MCP session beside another, or the id that an application changes its own into
    private List<SessionSource> learnersBeside(SessionSource source, Inbound inbound) {
        if (!learns || source.kind() == Source.MCP) {
            return List.of();
        }
        return sources.stream()
                .filter(learner -> learner == source || learner.kind() == Source.MCP)
                .filter(learner -> learner.mayLearn(inbound))
                .toList();
    }

    private List<SessionSource> learners(Inbound inbound) {
        return learns
                ? sources.stream().filter(source -> source.mayLearn(inbound)).toList()
                : List.of();
    }

    /** Under which names a session may stand whose client carries this text, as an operator knows it, whoever's it is. */
    public List<SessionKey> named(String carried) {
        return shared != null
                ? List.of(new SessionKey(pool, shared.key().source(), carried, ""))
                : sources.stream()
                        .flatMap(source -> source.named(pool, carried).stream())
                        .toList();
    }

    /** The key of an id that was learned from an answer, or made for it. */
    public SessionKey key(SessionSource source, String id, Inbound inbound) {
        return new SessionKey(pool, source.kind(), id, principal(inbound));
    }

    /**
     * Takes out of what goes to the instance what is between the client and us only.
     *
     * @param home of the request's session, where it has one
     */
    public void strip(@Nullable Binding home, Inbound inbound, MultiMap fields) {
        for (int at = 0; at < sources.size(); at++) {
            sources.get(at).strip(inbound, fields);
        }
        if (shared != null) {
            shared.source().strip(inbound, fields);
        }
        if (mcp.isPresent()) {
            mcp.get().unseal(home, fields);
        }
    }

    /**
     * Takes out of what goes to the client what an instance may not tell it.
     *
     * @param session that the answer belongs to or began, where there is one
     */
    public void undress(@Nullable Binding session, Inbound inbound, MultiMap fields) {
        for (int at = 0; at < sources.size(); at++) {
            sources.get(at).undress(fields);
        }
        if (mcp.isPresent()) {
            mcp.get().seal(session, inbound, fields);
        }
    }

    /** A request's path without an id that may stand in it. */
    public String shownPath(String path) {
        String shown = path;
        for (int at = 0; at < sources.size(); at++) {
            shown = sources.get(at).shownPath(shown);
        }
        return shown;
    }

    /** A request's host without an id that may stand in it. */
    public String shownHost(String host) {
        if (shared != null) {
            // where it looks like an id, it is none
            return host;
        }
        String shown = host;
        for (int at = 0; at < sources.size(); at++) {
            shown = sources.get(at).shownHost(shown);
        }
        return shown;
    }

    /** The port of the bound instance that the request names, where the route lets it. */
    public OptionalInt port(Inbound inbound) {
        if (shared != null) {
            return OptionalInt.empty();
        }
        for (int at = 0; at < sources.size(); at++) {
            OptionalInt port = sources.get(at).port(inbound);
            if (port.isPresent()) {
                return port;
            }
        }
        return OptionalInt.empty();
    }

    /** The MCP source of this route, where it has one. */
    public Optional<McpSource> mcp() {
        return mcp;
    }
}

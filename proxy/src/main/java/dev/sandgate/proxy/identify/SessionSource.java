package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One place where a request's session id may stand. One of these a route and listener; any loop. */
public interface SessionSource {

    /** What becomes of an id that this source reads and that nobody knows. */
    enum Unknown {
        /** The client makes ids here: it opens a session. */
        OPENS,
        /** An instance or we made it: it is refused. */
        REFUSED,
        /** As if none had come: a browser must not be locked out by its own cookie. */
        ABSENT
    }

    /** The kind of its ids. */
    Source kind();

    /**
     * The id that this request brings, if any.
     *
     * @throws Fault {@link dev.sandgate.proxy.fault.Reason#SESSION_MALFORMED}
     */
    Optional<String> read(Inbound inbound);

    Unknown unknown();

    /** Under which names a session may stand whose client carries this text here, as an operator knows it. */
    default List<SessionKey> named(String pool, String carried) {
        return List.of(new SessionKey(pool, kind(), carried, ""));
    }

    /** Whether an id opens in the pool alone for which it was sealed. */
    default boolean seals() {
        return false;
    }

    /** Whether it makes an id for a session that has none. */
    default boolean makes() {
        return false;
    }

    /** Whether the answer to this request may tell a new session's id: in {@link #learn}, or in an event stream. */
    default boolean mayLearn(Inbound inbound) {
        return false;
    }

    /** The id that an answer's head tells, if any. Ambiguous or malformed ones are none. */
    default Optional<String> learn(AnswerHead head) {
        return Optional.empty();
    }

    /** Takes out of a request what is between the client and us only. */
    default void strip(Inbound inbound, MultiMap fields) {}

    /** Takes out of a request the field in which it would name its session, where that is a field of the client's own. */
    default void hide(MultiMap fields) {}

    /** Puts an id that was made here where the instance looks for it. */
    default void tellInstance(String id, MultiMap fields) {}

    /** Puts the id of this session, which was made here, where the client finds it. */
    default void tellClient(Binding binding, Inbound inbound, MultiMap fields) {}

    /** What came with the id of this session and vouches for it, where its seal holds that. Costs as much as {@link #read}. */
    default Optional<Vouch> vouch(SessionKey key, Inbound inbound) {
        return Optional.empty();
    }

    /** Takes out of an answer what only we may tell a client. */
    default void undress(MultiMap fields) {}

    /** A path as the access log may show it. */
    default String shownPath(String path) {
        return path;
    }

    /** A host's name as the access log may show it. */
    default String shownHost(String host) {
        return host;
    }

    /** The port of the instance that the request names, where this source names one. */
    default OptionalInt port(Inbound inbound) {
        return OptionalInt.empty();
    }

    /** Takes back from the client an id whose session is lost, where that can be done. */
    default void forget(Inbound inbound, MultiMap fields) {}
}

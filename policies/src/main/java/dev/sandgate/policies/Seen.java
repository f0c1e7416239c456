package dev.sandgate.policies;

import dev.sandgate.affinity.SessionKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy may see of a request. Good during {@link Policy#check} and until the verdict of a {@link Verdict.Later}
 * is there; only on the request's event loop.
 */
public interface Seen {

    /** Upper case, as in {@code GET}. */
    String method();

    /** Whether the client's own side is https. */
    boolean secure();

    /** The name it is for, lower case, without a port. */
    String host();

    /** The form in which routes are chosen: no dot segments, no query. */
    String path();

    /** The first value of a field; null: there is none. */
    @Nullable String field(String lowerCaseName);

    /** All values of a field, in their order; mostly empty. */
    List<String> fields(String lowerCaseName);

    /** The address of the client itself, IPv4 in dots or IPv6 in RFC 5952 form. */
    String client();

    /**
     * The certificate with which the client's own TLS connection was made, and those that vouch for it, leaf first, checked
     * by the listener; empty: it brought none.
     */
    List<X509Certificate> certificates();

    /** Whether the peer is a proxy that is believed. */
    boolean trusted();

    /** Who calls; {@link Principal#NOBODY} until a policy told. */
    Principal principal();

    /** The session that it is of; null: none, or not yet looked for. */
    @Nullable SessionKey session();

    /** Whether its session, if it is of any, would be a new one as far as this node knows. */
    boolean opens();

    /** Whether it asks for a stream and nothing else: a WebSocket, or an event stream. */
    boolean stream();

    /** Whether the route speaks MCP. */
    boolean mcp();

    /** The route's name. */
    String route();

    /** The pool's name. */
    String pool();

    /** How full the pool's queue is, 0 to 100 percent; 0 also where there is none. */
    int queueFilled();
}

package dev.sandgate.proxy.inbound;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that passed the gate: what the rest of the way needs of its head, read once.
 *
 * @param request Vert.x's own, paused where a body may follow
 * @param connection the connection that it came on
 * @param host whom it is for; from the target in absolute form, else from {@code Host} or {@code :authority}
 * @param target origin form as the client wrote it, or {@code *}
 * @param path the form in which routes are chosen, see {@link PathForm}
 * @param bodyLength in bytes; 0: none; {@link #UNKNOWN}: until it ends
 * @param expectsContinue whether the client waits for 100 before it sends the body (RFC 9110 section 10.1.1)
 * @param maxForwards how many more hops an OPTIONS may take; negative: not said
 * @param nominated lower-case names that {@code Connection} lists, for this connection only; mostly empty
 * @param trusted whether the peer is a proxy that is believed
 * @param secure whether the client's own side is https, as far as we are told by somebody we believe
 * @param websocket whether it asks for a WebSocket (RFC 6455), well-formed
 * @param principal who calls, as a policy of the route told; empty: none did
 * @param early what arrived of an HTTP/2 body before it was known whether there is one
 */
public record Inbound(
        HttpServerRequest request,
        InboundConnection connection,
        HostName host,
        String target,
        String path,
        long bodyLength,
        boolean expectsContinue,
        long maxForwards,
        List<String> nominated,
        String principal,
        @Nullable EarlyBody early,
        boolean trusted,
        boolean secure,
        boolean websocket) {

    /** A body whose length only its end tells. */
    public static final long UNKNOWN = -1;

    /** The same once it is known whether a body follows. */
    public Inbound with(EarlyBody known) {
        long length = known.isEmpty() ? 0 : UNKNOWN;
        return new Inbound(
                request,
                connection,
                host,
                target,
                path,
                length,
                expectsContinue,
                maxForwards,
                nominated,
                principal,
                known,
                trusted,
                secure,
                websocket);
    }

    /** The same once it is known who calls. */
    public Inbound by(String caller) {
        return new Inbound(
                request,
                connection,
                host,
                target,
                path,
                bodyLength,
                expectsContinue,
                maxForwards,
                nominated,
                caller,
                early,
                trusted,
                secure,
                websocket);
    }

    public boolean hasBody() {
        return bodyLength != 0;
    }
}

package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.inbound.Unread;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/** One connection to an instance. Lent to one request at a time; all on its event loop. */
public final class Outbound {

    private static final RequestOptions BLANK =
            new RequestOptions().setMethod(HttpMethod.GET).setURI("/");
    // The public API hides the channel of a connection that it does not pool; without it surplus bytes go unseen.
    private static final VarHandle ACTUAL = actual();

    private final OutboundPool pool;
    private final HttpClientConnection connection;
    private final AnswerCodec codec;
    private final LateHangUp hangUp;
    private final Runnable comeBack = this::comeBack;
    private boolean closed;
    private boolean reused;
    private boolean lent;
    private long idleSince;

    Outbound(OutboundPool pool, HttpClientConnection connection) {
        this.pool = pool;
        this.connection = connection;
        this.codec = new AnswerCodec();
        Channel channel = channel(connection);
        channel.pipeline().replace("codec", "codec", codec);
        this.hangUp = LateHangUp.before("handler", channel.pipeline());
        // an instance may answer an upload and hang up: a write that fails must not close over an answer yet unread
        channel.config().setAutoClose(false);
        connection.exceptionHandler(broken -> cutOff());
        connection.closeHandler(gone -> {
            Unread.release(channel);
            closed();
        });
    }

    private static VarHandle actual() {
        try {
            return MethodHandles.privateLookupIn(UnpooledHttpClientConnection.class, MethodHandles.lookup())
                    .findVarHandle(
                            UnpooledHttpClientConnection.class,
                            "actual",
                            Class.forName("io.vertx.core.http.impl.HttpClientConnectionInternal"));
        } catch (ReflectiveOperationException changed) {
            throw new ExceptionInInitializerError(changed);
        }
    }

    private static Channel channel(HttpClientConnection connection) {
        return ((ConnectionBase) ACTUAL.get(connection)).channel();
    }

    /** A blank request on it; empty where the connection is gone. Completes at once: one request at a time. */
    Optional<HttpClientRequest> request() {
        return Optional.ofNullable(connection.request(BLANK).result());
    }

    /** Whether another request was answered on it before: then it may have gone stale meanwhile. */
    boolean reused() {
        return reused;
    }

    private void closed() {
        if (!closed) {
            closed = true;
            pool.closed(this, lent);
        }
    }

    boolean isOpen() {
        return !closed;
    }

    /** It waits for another request from now on. */
    void rest() {
        idleSince = System.nanoTime();
    }

    boolean hasSurplus() {
        return codec.hasSurplus();
    }

    void lend() {
        hangUp.begin();
        lent = true;
    }

    boolean isLent() {
        return lent;
    }

    long idleSince() {
        return idleSince;
    }

    /**
     * Gives it back after a whole exchange. It can serve again only in the loop's next turn: until then the bytes that
     * came with the answer's end have not all been looked at.
     */
    void release() {
        reused = true;
        pool.execute(comeBack);
    }

    private void comeBack() {
        hangUp.end();
        if (closed) {
            return;
        }
        if (codec.hasSurplus()) {
            discard();
            return;
        }
        lent = false;
        pool.returned(this);
    }

    /** Closes it: what is under way on it is over. */
    void discard() {
        cutOff();
        closed();
        hangUp.end();
    }

    // Vert.x would first write what an instance that reads no more will never take.
    private void cutOff() {
        ChannelHandlerContext below = channel(connection).pipeline().context(codec);
        if (below == null) {
            connection.close();
        } else {
            var unused = below.close();
        }
    }
}

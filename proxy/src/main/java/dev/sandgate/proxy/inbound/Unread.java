package dev.sandgate.proxy.inbound;

import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.core.net.impl.VertxHandler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Deque;

/**
 * What had arrived on an HTTP/1 connection and waited behind back-pressure when the connection closed. Vert.x forgets
 * such messages without releasing them: direct memory, up to a read's worth a connection, that never comes back.
 */
public final class Unread {

    private static final VarHandle PENDING = pending();

    private Unread() {}

    private static VarHandle pending() {
        try {
            return MethodHandles.privateLookupIn(VertxConnection.class, MethodHandles.lookup())
                    .findVarHandle(VertxConnection.class, "pending", Deque.class);
        } catch (ReflectiveOperationException changed) {
            throw new ExceptionInInitializerError(changed);
        }
    }

    /** Releases it. On the connection's event loop, when the whole pipeline knows that it is closed. */
    public static void release(Channel closed) {
        if (closed.pipeline().get("handler") instanceof VertxHandler<?> handler
                && PENDING.get((VertxConnection) handler.getConnection()) instanceof Deque<?> messages) {
            for (Object message = messages.poll(); message != null; message = messages.poll()) {
                ReferenceCountUtil.release(message);
            }
        }
    }
}

package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.inbound.Field;
import io.vertx.core.Context;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A small request of our own to an instance, such as the end of a session that its client did not wait for. Its answer
 * does not matter; it is over when one came, or after five seconds. On its loop.
 */
public final class Errand implements OutboundPool.Taker {

    private static final long MILLIS = 5000;

    private final Message message;
    private final Destination to;
    private final Context context;
    private final Runnable done;
    private @Nullable Outbound connection;
    private long timer;
    private boolean over;

    /**
     * What is sent.
     *
     * @param target in origin form
     * @param fields beside {@code Host}
     */
    public record Message(HttpMethod method, String target, Map<String, String> fields) {}

    private Errand(Message message, Destination to, Context context, Runnable done) {
        this.message = message;
        this.to = to;
        this.context = context;
        this.done = done;
    }

    /** Sends it; {@code done} is called once, whatever became of it. */
    public static void send(Message message, Destination to, OutboundConnections connections, Runnable done) {
        Errand errand = new Errand(message, to, connections.context(), done);
        errand.timer = errand.context.owner().setTimer(MILLIS, late -> errand.finish());
        connections.to(to).acquire(errand);
    }

    private void finish() {
        if (!over) {
            over = true;
            context.owner().cancelTimer(timer);
            if (connection != null) {
                connection.discard();
            }
            done.run();
        }
    }

    @Override
    public void take(Outbound taken) {
        connection = taken;
        HttpClientRequest request = taken.request().orElse(null);
        if (request == null) {
            finish();
            return;
        }
        request.exceptionHandler(broken -> finish());
        request.setMethod(message.method).setURI(message.target);
        request.headers().add(Field.HOST.lower(), to.shape().authority());
        message.fields.forEach((name, value) -> request.headers().add(name, value));
        request.response().onComplete(answer -> finish());
        request.end();
    }

    @Override
    public void refused(Fault fault) {
        finish();
    }

    @Override
    public boolean wantsFresh() {
        return false;
    }

    @Override
    public boolean isOver() {
        return over;
    }
}

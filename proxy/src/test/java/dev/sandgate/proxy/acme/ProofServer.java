package dev.sandgate.proxy.acme;

import dev.sandgate.proxy.kit.Await;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands where an authority asks: it answers from the nodes' memory, from another one each time. */
final class ProofServer implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final List<Challenges> nodes = new CopyOnWriteArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final HttpServer server;
    private volatile boolean mute;

    ProofServer() {
        this.server = Await.finished(
                vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    }

    private void answer(HttpServerRequest request) {
        String known = mute || nodes.isEmpty()
                ? null
                : nodes.get(turn.getAndIncrement() % nodes.size())
                        .known(request.path().substring(Challenges.PATH.length()));
        request.response().setStatusCode(known == null ? 404 : 200).end(known == null ? "" : known);
    }

    int port() {
        return server.actualPort();
    }

    /** From now on these answer in turn. */
    void from(OrderTaker... takers) {
        nodes.clear();
        for (OrderTaker taker : takers) {
            nodes.add(taker.challenges());
        }
    }

    /** Whether nothing is answered. */
    void mute(boolean nothing) {
        mute = nothing;
    }

    @Override
    public void close() {
        Await.finished(vertx.close());
    }
}

package dev.sandgate.proxy.speed;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The least that a proxy on this platform does: a server, one kept connection to one instance on the same event loop,
 * every field copied once, and nothing else. What our door costs is measured against it.
 */
final class BarePassThrough implements AutoCloseable {

    private final Vertx vertx;
    private final int port;

    private BarePassThrough(Vertx vertx, int port) {
        this.vertx = vertx;
        this.port = port;
    }

    static BarePassThrough to(int instance) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Passing passing = new Passing(instance);
        vertx.deployVerticle(passing).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return new BarePassThrough(vertx, passing.port);
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static final class Passing extends VerticleBase {
        private static final RequestOptions BLANK =
                new RequestOptions().setMethod(HttpMethod.GET).setURI("/");
        private final int instance;
        private int port;
        // held: a client that nobody holds is closed when it is collected, and its connections with it
        private @Nullable HttpClientAgent client;
        private @Nullable HttpClientConnection connection;

        Passing(int instance) {
            this.instance = instance;
        }

        @Override
        public Future<?> start() {
            HttpClientAgent made = vertx.createHttpClient(new HttpClientOptions());
            client = made;
            HttpConnectOptions options =
                    new HttpConnectOptions().setServer(SocketAddress.inetSocketAddress(instance, "127.0.0.1"));
            HttpServer server = vertx.createHttpServer(new HttpServerOptions().setStrictThreadMode(true))
                    .requestHandler(this::pass);
            return made.connect(options)
                    .onSuccess(kept -> connection = kept)
                    .compose(kept -> server.listen(0, "127.0.0.1"))
                    .onSuccess(listening -> port = listening.actualPort());
        }

        @Override
        public Future<?> stop() {
            return client == null ? Future.succeededFuture() : client.close();
        }

        private void pass(HttpServerRequest request) {
            HttpClientConnection kept = connection;
            if (kept == null) {
                throw new IllegalStateException("not connected");
            }
            kept.request(BLANK).onSuccess(out -> send(request, out));
        }

        private static void send(HttpServerRequest request, HttpClientRequest out) {
            out.setMethod(request.method()).setURI(request.uri());
            request.headers().forEach((name, value) -> out.headers().add(name, value));
            out.response().onSuccess(answer -> answer(request, answer));
            out.end();
        }

        private static void answer(HttpServerRequest request, HttpClientResponse answer) {
            request.response().setStatusCode(answer.statusCode());
            answer.headers()
                    .forEach((name, value) -> request.response().headers().add(name, value));
            answer.handler(piece -> request.response().write(piece));
            answer.endHandler(end -> request.response().end());
        }
    }
}

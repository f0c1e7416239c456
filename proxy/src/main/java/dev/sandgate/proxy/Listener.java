package dev.sandgate.proxy;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.conf.LimitsConfig;
import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.proxy.request.Doorway;
import dev.sandgate.proxy.request.Lane;
import dev.sandgate.proxy.tls.ListenerTls;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** All listeners on one event loop: each has a server there, and they share the loop's {@link Lane}. */
final class Listener extends VerticleBase {

    /** What is bound where: one of these a listener, shared by all loops. */
    record Place(ListenerConfig config, Optional<ListenerTls> tls, int backlog, int port) {}

    private final Door.Parts parts;
    private final List<HttpServer> servers = new ArrayList<>();

    Listener(Door.Parts parts) {
        this.parts = parts;
    }

    @Override
    public Future<?> start() {
        Lane lane = parts.lane();
        Future<?> bound = Future.succeededFuture();
        for (Place place : parts.places()) {
            bound = bound.compose(before -> listen(place, lane, parts.table()));
        }
        return bound;
    }

    private Future<HttpServer> listen(Place place, Lane lane, AffinityTable table) {
        ListenerConfig config = place.config();
        Doorway doorway =
                new Doorway(new Doorway.Address(config, place.tls()), lane, parts.pseudonym(), parts.routing(), table);
        HttpServer server = vertx.createHttpServer(options(place))
                .requestHandler(doorway::serve)
                .invalidRequestHandler(doorway::serve)
                .exceptionHandler(broken -> {})
                .connectionHandler(connection -> connection.exceptionHandler(broken -> {}));
        servers.add(server);
        return server.listen(place.port(), config.host())
                .onSuccess(listening -> parts.ports().put(config.name(), listening.actualPort()))
                .recover(why -> Future.failedFuture(new IllegalStateException(
                        "listener " + config.name() + " cannot listen on " + config.host() + ":" + config.port() + ": "
                                + why.getMessage(),
                        why)));
    }

    private static HttpServerOptions options(Place place) {
        ListenerConfig config = place.config();
        LimitsConfig limits = config.limits();
        var options = new HttpServerOptions()
                .setAcceptBacklog(place.backlog())
                .setReuseAddress(true)
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setStrictThreadMode(true)
                .setHandle100ContinueAutomatically(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                // their handler counts requests, and gives up with a stack in the log where 128 are pipelined
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxInitialLineLength(limits.headBytes())
                .setMaxHeaderSize(limits.headBytes())
                .setHttp2ClearTextEnabled(config.http2())
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(limits.http2Streams())
                        .setMaxHeaderListSize(limits.headBytes()));
        place.tls().ifPresent(tls -> tls.apply(options));
        return options;
    }

    /** Takes no connection any more, lets requests finish, then cuts them. */
    Future<Void> shutdown(long millis) {
        return Future.all(servers.stream()
                        .map(server -> server.shutdown(millis, TimeUnit.MILLISECONDS))
                        .toList())
                .mapEmpty();
    }
}

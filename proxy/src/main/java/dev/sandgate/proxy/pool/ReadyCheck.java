package dev.sandgate.proxy.pool;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Asks an instance that is being started whether it is ready, again and again, where every node will look for it. Any
 * thread. Close it once.
 */
final class ReadyCheck {

    /** It listens where no other node reaches it, and will not do better by waiting. */
    static final class Hidden extends Exception {

        private static final long serialVersionUID = 1L;

        private Hidden(String host, int port) {
            super(
                    "it listens on 127.0.0.1:" + port + " and not on " + host + ":" + port
                            + ", where other nodes reach it (expected: it listens on that address or on 0.0.0.0)",
                    null,
                    false,
                    false);
        }
    }

    private static final long AGAIN_MILLIS = 50;
    private static final int PATIENCE_MILLIS = 2000;
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern SUCCESS = Pattern.compile("HTTP/1\\.[01] 2[0-9][0-9]");
    private static final int STATUS_LENGTH = "HTTP/1.1 200".length();

    private final Vertx vertx;
    private final NetClient client;
    private final Optional<String> path;
    private final String host;

    /**
     * A check of instances at this address.
     *
     * @param path whose GET is answered with 2xx; empty: taking a connection is enough
     * @param host an IP literal
     */
    ReadyCheck(Vertx vertx, Optional<String> path, String host) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(PATIENCE_MILLIS));
        this.path = path;
        this.host = host;
    }

    /**
     * Completes once what listens on this port says that it is ready; fails with {@link Hidden} where it never will.
     *
     * @param over asked before each try; true: nobody waits for the answer any more
     */
    Future<Void> ready(int port, BooleanSupplier over) {
        Promise<Void> ready = Promise.promise();
        ask(port, over, ready);
        return ready.future();
    }

    private void ask(int port, BooleanSupplier over, Promise<Void> ready) {
        if (over.getAsBoolean()) {
            ready.tryFail("nobody waits for it");
            return;
        }
        client.connect(port, host)
                .onFailure(refused -> lookElsewhere(port, ready))
                .compose(socket -> path.isPresent() ? get(socket, path.get(), port) : socket.close())
                .onSuccess(answered -> ready.tryComplete())
                .onFailure(notYet -> vertx.setTimer(AGAIN_MILLIS, due -> {
                    if (!ready.future().isComplete()) {
                        ask(port, over, ready);
                    }
                }));
    }

    private void lookElsewhere(int port, Promise<Void> ready) {
        if (!host.equals(LOOPBACK)) {
            client.connect(port, LOOPBACK)
                    .compose(NetSocket::close)
                    // once more: it may have come to listen everywhere between the two
                    .onSuccess(there -> client.connect(port, host)
                            .compose(NetSocket::close)
                            .onFailure(hidden -> ready.tryFail(new Hidden(host, port))));
        }
    }

    private Future<Void> get(NetSocket socket, String target, int port) {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        Promise<Void> answered = Promise.promise();
        long patience = vertx.setTimer(PATIENCE_MILLIS, silent -> answered.tryFail("silent"));
        Buffer head = Buffer.buffer();
        socket.handler(piece -> {
            head.appendBuffer(piece);
            if (head.length() >= STATUS_LENGTH) {
                String status = head.getString(0, STATUS_LENGTH, StandardCharsets.ISO_8859_1.name());
                if (SUCCESS.matcher(status).matches()) {
                    answered.tryComplete();
                } else {
                    answered.tryFail(status);
                }
            }
        });
        socket.exceptionHandler(answered::tryFail);
        socket.closeHandler(closed -> answered.tryFail("hung up"));
        socket.write("GET " + target + " HTTP/1.1\r\nHost: " + name + ":" + port + "\r\nConnection: close\r\n\r\n");
        return answered.future().eventually(() -> {
            vertx.cancelTimer(patience);
            return socket.close();
        });
    }

    Future<Void> close() {
        return client.close();
    }
}

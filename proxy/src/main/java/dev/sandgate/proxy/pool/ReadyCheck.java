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

/** Asks an instance that is being started whether it is ready, again and again. Any thread. Close it once. */
final class ReadyCheck {

    private static final long AGAIN_MILLIS = 50;
    private static final int PATIENCE_MILLIS = 2000;
    private static final String HOST = "127.0.0.1";
    private static final Pattern SUCCESS = Pattern.compile("HTTP/1\\.[01] 2[0-9][0-9]");
    private static final int STATUS_LENGTH = "HTTP/1.1 200".length();

    private final Vertx vertx;
    private final NetClient client;
    private final Optional<String> path;

    /** @param path whose GET is answered with 2xx; empty: taking a connection is enough */
    ReadyCheck(Vertx vertx, Optional<String> path) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(PATIENCE_MILLIS));
        this.path = path;
    }

    /**
     * Completes once what listens on this port says that it is ready.
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
        client.connect(port, HOST)
                .compose(socket -> path.isPresent() ? get(socket, path.get(), port) : socket.close())
                .onSuccess(answered -> ready.tryComplete())
                .onFailure(notYet -> vertx.setTimer(AGAIN_MILLIS, due -> ask(port, over, ready)));
    }

    private Future<Void> get(NetSocket socket, String target, int port) {
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
        socket.write("GET " + target + " HTTP/1.1\r\nHost: " + HOST + ":" + port + "\r\nConnection: close\r\n\r\n");
        return answered.future().eventually(() -> {
            vertx.cancelTimer(patience);
            return socket.close();
        });
    }

    Future<Void> close() {
        return client.close();
    }
}

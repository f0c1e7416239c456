package dev.sandgate.proxy.pool;

import dev.sandgate.conf.IncarnationConfig;
import dev.sandgate.proxy.forward.Destination;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.Json;
import io.vertx.core.json.pointer.JsonPointer;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Asks an instance which life of it this is: a GET on a connection of its own, at most 2 s, at most 64 KiB of an answer.
 * Any thread. Close it once.
 */
final class IncarnationCheck {

    private static final int PATIENCE_MILLIS = 2000;
    private static final int LARGEST = 64 * 1024;
    private static final Pattern FIT = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final IncarnationConfig config;
    private final HttpClient client;

    IncarnationCheck(IncarnationConfig config, Vertx vertx) {
        this.config = config;
        // a kept connection would lead to the life that it was made to
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setKeepAlive(false)
                        .setConnectTimeout(PATIENCE_MILLIS)
                        .setDecompressionSupported(false))
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                .build();
    }

    /** What it told: 1 to 128 visible ASCII characters. Fails with what is wrong with it. */
    Future<String> ask(String host, int port, Destination.Shape shape) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setURI(config.path())
                .setServer(SocketAddress.inetSocketAddress(port, host))
                .setHost(shape.tlsName())
                .setPort(port)
                .setSsl(shape.tls() != null)
                .setIdleTimeout(PATIENCE_MILLIS)
                .putHeader("Host", shape.authority());
        if (shape.tls() != null) {
            options.setSslOptions(shape.tls());
        }
        return client.request(options)
                .compose(request -> request.send()
                        .compose(this::read)
                        .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                        .onFailure(unread -> request.reset()))
                .map(IncarnationCheck::fit);
    }

    private Future<String> read(HttpClientResponse answer) {
        // one that is given up breaks, and Vert.x would log that
        answer.exceptionHandler(broken -> {});
        if (answer.statusCode() / 100 != 2) {
            return Future.failedFuture("status " + answer.statusCode() + " (expected: 2xx)");
        }
        return config.header().map(name -> header(answer, name)).orElseGet(() -> body(answer));
    }

    private static Future<String> header(HttpClientResponse answer, String name) {
        List<String> values = answer.headers().getAll(name);
        return values.size() == 1
                ? Future.succeededFuture(values.get(0))
                : Future.failedFuture(values.size() + " fields " + name + " (expected: 1)");
    }

    private Future<String> body(HttpClientResponse answer) {
        Promise<String> told = Promise.promise();
        Buffer body = Buffer.buffer();
        answer.handler(piece -> {
            if (body.length() + piece.length() > LARGEST) {
                told.tryFail("a body of more than " + LARGEST + " bytes");
            } else {
                body.appendBuffer(piece);
            }
        });
        answer.exceptionHandler(told::tryFail);
        answer.endHandler(whole -> {
            try {
                told.tryComplete(pointed(body));
            } catch (RuntimeException unreadable) {
                told.tryFail("a body that is not JSON");
            }
        });
        return told.future();
    }

    private String pointed(Buffer body) {
        Object value = JsonPointer.from(config.pointer().orElseThrow()).queryJson(Json.decodeValue(body));
        return value instanceof String || value instanceof Number ? value.toString() : "";
    }

    private static String fit(String told) {
        if (!FIT.matcher(told).matches()) {
            throw new IllegalStateException("no incarnation where one was expected: 1 to 128 visible ASCII characters");
        }
        return told;
    }

    Future<Void> close() {
        return client.close();
    }
}

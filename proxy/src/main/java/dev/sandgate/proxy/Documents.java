package dev.sandgate.proxy;

import dev.sandgate.policies.Surroundings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Reads what policies need from elsewhere: files, and documents by http. Any thread; whoever makes it closes it. */
final class Documents implements Surroundings.Documents {

    private static final int MOST = 1 << 20;
    private static final int PATIENCE_SECONDS = 10;

    private final Vertx vertx;
    private final HttpClient client;

    Documents(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))
                .setKeepAlive(false)
                .setVerifyHost(true));
    }

    @Override
    public Future<Buffer> read(URI where) {
        Future<Buffer> whole = "file".equals(where.getScheme()) ? file(Path.of(where)) : fetch(where);
        return whole.timeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Future<Buffer> file(Path path) {
        String name = path.toString();
        return vertx.fileSystem()
                .props(name)
                .compose(props -> props.size() > MOST
                        ? Future.failedFuture(new IllegalStateException(name + " is larger than 1 MiB"))
                        : vertx.fileSystem().readFile(name));
    }

    // redirects are not followed: where keys stand is for the config to say
    private Future<Buffer> fetch(URI where) {
        RequestOptions ask = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(where.toString())
                .setFollowRedirects(false)
                .putHeader("Accept", "application/json");
        return client.request(ask).compose(request -> request.send().compose(answer -> body(where, answer)));
    }

    private static Future<Buffer> body(URI where, HttpClientResponse answer) {
        if (answer.statusCode() != 200) {
            answer.exceptionHandler(unread -> {});
            answer.request().reset();
            return Future.failedFuture(
                    new IllegalStateException(where + " was answered with " + answer.statusCode() + " instead of 200"));
        }
        Buffer whole = Buffer.buffer();
        return Future.future(done -> answer.handler(piece -> {
                    if (whole.length() + piece.length() > MOST) {
                        answer.request().reset();
                        done.tryFail(new IllegalStateException(where + " is larger than 1 MiB"));
                    } else {
                        whole.appendBuffer(piece);
                    }
                })
                .exceptionHandler(done::tryFail)
                .endHandler(end -> done.tryComplete(whole)));
    }

    Future<Void> close() {
        return client.close();
    }
}

package dev.sandgate.proxy;

import dev.sandgate.policies.Surroundings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Gets what policies need from elsewhere: files, documents by http, and what forms are answered. Any thread; whoever makes it closes it. */
final class Documents implements Surroundings.Documents {

    private static final int MOST = 1 << 20;
    private static final int MOST_OF_ANSWER = 64 * 1024;
    private static final int PATIENCE_SECONDS = 10;
    private static final int ANSWER_SECONDS = 5;
    /** Connections to one server, for forms; more of them wait. */
    private static final int ASKING = 16;
    /** Shorter than any server is known to keep one that is idle. */
    private static final int KEPT_SECONDS = 4;

    private final Vertx vertx;
    private final HttpClient client;
    private final HttpClient asking;

    Documents(Vertx vertx) {
        this.vertx = vertx;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))
                .setKeepAlive(false)
                .setVerifyHost(true));
        this.asking = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(ANSWER_SECONDS))
                        .setKeepAliveTimeout(KEPT_SECONDS)
                        .setVerifyHost(true))
                .with(new PoolOptions().setHttp1MaxSize(ASKING))
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                .build();
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
        return client.request(ask)
                .compose(request -> request.send().compose(answer -> body(where.toString(), answer, MOST)));
    }

    @Override
    public Future<Buffer> ask(Surroundings.Form form) {
        return sent(form)
                .recover(why -> why instanceof HttpClosedException ? sent(form) : Future.failedFuture(why))
                .timeout(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    private Future<Buffer> sent(Surroundings.Form form) {
        RequestOptions ask = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(form.to().toString())
                .setFollowRedirects(false)
                .setTimeout(TimeUnit.SECONDS.toMillis(ANSWER_SECONDS))
                .putHeader("Accept", "application/json")
                .putHeader("Authorization", form.authorization())
                .putHeader("Content-Type", "application/x-www-form-urlencoded");
        return asking.request(ask).compose(request -> request.send(form.body())
                .compose(answer -> body(String.valueOf(form.to().getHost()), answer, MOST_OF_ANSWER)));
    }

    private static Future<Buffer> body(String where, HttpClientResponse answer, int most) {
        if (answer.statusCode() != 200) {
            answer.exceptionHandler(unread -> {});
            answer.request().reset();
            return Future.failedFuture(
                    new IllegalStateException(where + " was answered with " + answer.statusCode() + " instead of 200"));
        }
        Buffer whole = Buffer.buffer();
        return Future.future(done -> answer.handler(piece -> {
                    if (whole.length() + piece.length() > most) {
                        answer.request().reset();
                        done.tryFail(new IllegalStateException(where + " is larger than " + (most >> 10) + " KiB"));
                    } else {
                        whole.appendBuffer(piece);
                    }
                })
                .exceptionHandler(done::tryFail)
                .endHandler(end -> done.tryComplete(whole)));
    }

    Future<Void> close() {
        return asking.close().eventually(client::close);
    }
}

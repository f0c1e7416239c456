package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.redis.TableFault;
import dev.sandgate.proxy.admin.Refused.Why;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which method of which path is served by whom; whatever goes wrong becomes one refusal. Answers are made on workers. */
final class Paths {

    private static final Logger LOG = LoggerFactory.getLogger(Paths.class);
    private static final long BODY_SECONDS = 5;

    /** Makes an answer. Throws {@link Refused} where there is none. */
    @FunctionalInterface
    interface Endpoint {
        Future<Reply> answer(Ask ask);
    }

    private final Router router;
    private final Vertx vertx;

    Paths(Router router, Vertx vertx) {
        this.router = router;
        this.vertx = vertx;
        router.route().failureHandler(Paths::refuse);
        router.errorHandler(400, Paths::refuse);
        router.errorHandler(500, Paths::refuse);
    }

    /** One path; {@code :id} in it stands for one segment. */
    Served at(String path) {
        return new Served(path);
    }

    /** Every path that was not named. */
    void elsewhere() {
        router.route().handler(context -> {
            throw Refused.because(Why.PATH_UNKNOWN);
        });
    }

    /** The methods of one path. */
    final class Served {

        private final String path;
        private final Map<HttpMethod, Endpoint> methods = new LinkedHashMap<>();
        private boolean onLoop;
        private boolean hasBody;

        private Served(String path) {
            this.path = path;
        }

        /** Its answers are so quick that they are made on the event loop: whatever the workers do, it answers. */
        Served onLoop() {
            onLoop = true;
            return this;
        }

        /** Its requests have a body, which is read first: small, as {@link AdminListener} saw to. */
        Served withBody() {
            hasBody = true;
            return this;
        }

        Served on(HttpMethod method, Endpoint endpoint) {
            methods.put(method, endpoint);
            if (method.equals(HttpMethod.GET)) {
                methods.put(HttpMethod.HEAD, endpoint);
            }
            return this;
        }

        Served get(Function<Ask, Reply> endpoint) {
            return on(HttpMethod.GET, ask -> Future.succeededFuture(endpoint.apply(ask)));
        }

        void serve() {
            String allow = methods.keySet().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
            router.route(path).handler(context -> {
                Endpoint endpoint = methods.get(context.request().method());
                if (endpoint == null) {
                    context.response().putHeader("Allow", allow);
                    throw Refused.because(Why.METHOD_REFUSED, "This path serves " + allow);
                }
                String named = context.pathParam("id");
                String id = named == null ? "" : named;
                MultiMap query = context.queryParams();
                Optional<String> ifMatch = Optional.ofNullable(context.request().getHeader("If-Match"));
                Future<Buffer> body = hasBody ? body(context.request()) : Future.succeededFuture(Buffer.buffer());
                body.compose(read -> answer(endpoint, new Ask(id, query, read, ifMatch)))
                        .onComplete(
                                reply -> Answers.write(context.request(), reply),
                                why -> Answers.write(context.request(), told(why)));
            });
        }

        private Future<Buffer> body(HttpServerRequest request) {
            return request.body()
                    .timeout(BODY_SECONDS, TimeUnit.SECONDS)
                    .recover(why -> Future.failedFuture(Refused.because(Why.BODY_REFUSED, "The body broke off")));
        }

        private Future<Reply> answer(Endpoint endpoint, Ask ask) {
            return onLoop
                    ? endpoint.answer(ask)
                    : vertx.executeBlocking(() -> endpoint.answer(ask), false).compose(answer -> answer);
        }
    }

    // What the router itself cannot read, it fails with 400, or without a cause.
    private static void refuse(RoutingContext context) {
        Throwable why = context.failure();
        boolean unreadable = why == null || context.statusCode() == 400 || why instanceof IllegalArgumentException;
        Reply reply = why instanceof Refused || !unreadable
                ? told(why)
                : Refused.because(Why.PARAMETER_INVALID, "The path or a parameter is not well-formed")
                        .reply();
        Answers.write(context.request(), reply);
    }

    private static Reply told(Throwable why) {
        if (why instanceof Refused refused) {
            return refused.reply();
        }
        if (why instanceof TableFault fault && fault.reason() != TableFault.Reason.BUG) {
            return Refused.because(Why.TABLE_UNAVAILABLE).reply();
        }
        LOG.error("an operator's request met a mistake of ours", why);
        return Refused.because(Why.BUG).reply();
    }
}

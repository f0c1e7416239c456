package dev.sandgate.proxy.admin;

import dev.sandgate.conf.AdminConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BooleanSupplier;

/** The operator's listener: {@code /livez} (this process answers) and {@code /readyz} (it takes requests). */
public final class AdminListener {

    private final HttpServer server;

    private AdminListener(HttpServer server) {
        this.server = server;
    }

    /**
     * Opens it.
     *
     * @param ready asked for each {@code /readyz}; must not block
     */
    public static Future<AdminListener> open(Vertx vertx, AdminConfig config, BooleanSupplier ready) {
        Router router = Router.router(vertx);
        router.get("/livez").handler(context -> answer(context, 200, "alive"));
        router.get("/readyz").handler(context -> {
            boolean takes = ready.getAsBoolean();
            answer(context, takes ? 200 : 503, takes ? "ready" : "stopping");
        });
        return vertx.createHttpServer()
                .requestHandler(router)
                .listen(config.port(), config.host())
                .map(AdminListener::new)
                .recover(why -> Future.failedFuture(new IllegalStateException(
                        "admin cannot listen on " + config.host() + ":" + config.port() + ": " + why.getMessage(),
                        why)));
    }

    private static void answer(RoutingContext context, int status, String word) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(new JsonObject().put("status", word).toBuffer());
    }

    /** The port on which it really listens. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        return server.close();
    }
}

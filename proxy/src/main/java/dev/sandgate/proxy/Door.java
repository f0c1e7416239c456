package dev.sandgate.proxy;

import dev.sandgate.conf.SandgateConfig;
import io.vertx.core.Future;

/** A running node: everything that one configuration asks for. Owns its Vert.x; close it once. */
public final class Door {

    private Door() {}

    /** Opens every listener, or fails with what could not be opened. */
    public static Future<Door> open(SandgateConfig config) {
        return Future.failedFuture("no listener of " + config.listeners().keySet() + " is built");
    }

    /** The port on which a listener really listens. */
    public int port(String listener) {
        return listener.length();
    }

    /** The port of the admin listener; 0 where there is none. */
    public int adminPort() {
        return 0;
    }

    /** What is held now. Any thread; a moment's picture, not a transaction. */
    public Vitals vitals() {
        return new Vitals(0, 0, 0, 0, 0, 0, 0);
    }

    /** Stops accepting, lets requests finish up to the configured deadline, then cuts them. Twice does nothing. */
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}

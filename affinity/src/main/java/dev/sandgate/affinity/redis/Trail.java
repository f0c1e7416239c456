package dev.sandgate.affinity.redis;

import io.vertx.core.Future;

/** Where a link leads; looked up anew before each connect. Safe from any thread. */
interface Trail {

    /** The server to connect to now, or a {@link TableFault}. Completes on any thread. */
    Future<Server> find();

    /**
     * The server that was found could not be reached, or said that it is not the one to ask.
     *
     * @return whether a connection to it is of no use any more
     */
    boolean doubt();

    /** Always to the same address; what answers there may change. */
    static Trail to(Server server) {
        return new Trail() {
            @Override
            public Future<Server> find() {
                return Future.succeededFuture(server);
            }

            @Override
            public boolean doubt() {
                return true;
            }
        };
    }
}

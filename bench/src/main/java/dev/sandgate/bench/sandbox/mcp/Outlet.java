package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;

/** Where the messages of a request go, or those of no request. */
interface Outlet {

    /** A message that answers nothing: progress, a question to the client, news. */
    void say(JsonObject message);

    /** The one answer to a request. */
    void answer(JsonObject message);

    /** Instead of the answer to a request that the client took back: nothing. */
    default void drop() {}

    /** Ends the connection, not the stream: the client may come back for the rest. Nothing where that cannot be. */
    default void cut() {}

    /** False once nobody will ever read what is said here. */
    default boolean wanted() {
        return true;
    }
}

package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.Vertx;

/**
 * What all of one instance's MCP sessions share.
 *
 * @param instance its name
 */
record House(Vertx vertx, String instance, Room room, Tally tally) {

    /** @throws Declined where the session exists already, or there is no room for another */
    void open(String id) {
        if (!room.open(id)) {
            throw Declined.noRoom();
        }
        tally.opened(id);
    }

    void end(Session session) {
        room.end(session.id());
        tally.ended();
        session.end();
    }
}

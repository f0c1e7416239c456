package dev.sandgate.affinity.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Function;

/** The way to the server that has a pool's keys. Any thread. */
interface Links {

    /**
     * Runs a script; its answer, or a {@link TableFault}.
     *
     * @param keys all of one tag
     * @param args made when it is sent, for the server to which it is sent
     */
    Future<Response> run(Script script, List<String> keys, Function<Greeting, List<String>> args);
}

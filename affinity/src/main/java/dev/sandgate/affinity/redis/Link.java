package dev.sandgate.affinity.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Function;

/** A way to have Redis run a script. Safe from any thread. */
interface Link {

    /**
     * Runs a script at the master of its keys; its answer, or a {@link TableFault}.
     *
     * @param keys of one slot where Redis is a cluster; the first decides which
     * @param args asked for on the link's event loop when the script is sent, for the server that will run it
     */
    Future<Response> run(Script script, List<String> keys, Function<Greeting, List<String>> args);

    /** The same with arguments that suit any server. */
    default Future<Response> run(Script script, List<String> keys, List<String> args) {
        return run(script, keys, greeting -> args);
    }
}

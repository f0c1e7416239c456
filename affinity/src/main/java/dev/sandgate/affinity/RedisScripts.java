package dev.sandgate.affinity;

import io.vertx.core.Future;
import java.util.List;

/**
 * Runs scripts in the Redis of the table, for those who keep something of their own there. Any thread; the answer comes
 * on the caller's event loop, or on any where the caller is on none.
 */
public interface RedisScripts {

    /**
     * Runs a script whose answer is a list of whole numbers. Fails within the table's command timeout where Redis does
     * not answer.
     *
     * @param lua the same text each time; it is loaded once
     * @param key the only one that it touches, the table's prefix left out
     * @param args after it
     */
    Future<List<Long>> run(String lua, String key, List<String> args);

    /**
     * What a text is called in a key, where whoever reads Redis shall not learn it: a hash with the table's newest secret,
     * 22 letters, digits, {@code -} and {@code _}, the same on every node.
     */
    String veil(String text);
}

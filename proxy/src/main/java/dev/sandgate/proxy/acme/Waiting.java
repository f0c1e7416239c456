package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.proxy.shelf.UnreadableRecord;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the table, on a thread that may. */
final class Waiting {

    private static final long PATIENCE_SECONDS = 10;

    private Waiting() {}

    /** What the table says, or {@link Away} where it says nothing in time. */
    static <T> T on(Future<T> asked) {
        try {
            return asked.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw new Away(failed.getCause() == null ? failed : failed.getCause());
        } catch (TimeoutException late) {
            throw new Away(late);
        } catch (InterruptedException stopped) {
            // the thread is one of ours, and still has to give back what it took
            throw new Away(stopped);
        }
    }

    /** The version of what stands there, readable or not, for whoever replaces it. */
    static Future<Long> version(Shelf shelf, String name) {
        return shelf.get(name)
                .map(stood -> stood.map(Item::version).orElse(0L))
                .recover(why -> why instanceof UnreadableRecord unreadable
                        ? Future.succeededFuture(unreadable.version())
                        : Future.failedFuture(why));
    }

    /** The table cannot be asked now. */
    static final class Away extends VertxException {

        private static final long serialVersionUID = 1;

        Away(Throwable why) {
            super(String.valueOf(why.getMessage()), why, true);
        }
    }
}

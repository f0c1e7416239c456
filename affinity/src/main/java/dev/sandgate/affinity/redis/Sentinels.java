package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks sentinels for the master, the one that answered last first. */
final class Sentinels implements Trail {

    private final Context context;
    private final Dialer dialer;
    private final List<Server> sentinels;
    private final String master;
    /** Which of them to ask first; on the context. */
    private int first;

    /** The question of all who ask meanwhile; on the context. */
    private @Nullable Future<Server> asking;

    Sentinels(Context context, Dialer dialer, List<Server> sentinels, String master) {
        this.context = context;
        this.dialer = dialer;
        this.sentinels = sentinels;
        this.master = master;
    }

    @Override
    public Future<Server> find() {
        Promise<Server> found = Promise.promise();
        context.runOnContext(turn -> {
            Future<Server> question = asking;
            if (question == null) {
                question = ask(0);
                asking = question;
                question.onComplete(done -> asking = null);
            }
            question.onComplete(found);
        });
        return found.future();
    }

    @Override
    public boolean doubt() {
        return true;
    }

    private Future<Server> ask(int tried) {
        int next = (first + tried) % sentinels.size();
        return dialer.ask(sentinels.get(next), question(), this::read)
                .onSuccess(found -> first = next)
                .recover(failure -> tried + 1 < sentinels.size()
                        ? ask(tried + 1)
                        : Future.failedFuture(new TableFault(
                                Reason.UNREACHABLE,
                                "no sentinel names a master; the last one: " + failure.getMessage())));
    }

    private Request question() {
        return Request.cmd(Command.SENTINEL).arg("get-master-addr-by-name").arg(master);
    }

    private Server read(@Nullable Response answer) {
        if (answer == null) {
            throw new TableFault(Reason.NOT_READY, "it knows no master called " + master);
        }
        return new Server(answer.get(0).toString(), answer.get(1).toInteger());
    }
}

package dev.sandgate.affinity.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Answers of links, waited for. */
final class Answers {

    private static final Script ECHO = Script.of("echo", "return {ARGV[1]}");
    private static final Script COUNT = Script.of("count", "return {redis.call('INCR', KEYS[1])}");

    private Answers() {}

    static <T> T done(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    /** The fault that it fails with. */
    static TableFault fault(Future<?> future) {
        try {
            throw new AssertionError("expected a fault, not " + done(future));
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof TableFault fault) {
                return fault;
            }
            throw new AssertionError("expected a table's fault", failure);
        }
    }

    static Future<Response> echo(Link link, String text) {
        return link.run(ECHO, List.of(), List.of(text));
    }

    /** Adds one to a key; its value. */
    static Future<Long> count(Link link, String key) {
        return link.run(COUNT, List.of(key), List.of())
                .map(answer -> answer.get(0).toLong());
    }

    /** Asks until there is an answer. */
    static <T> T atLast(Supplier<Future<T>> question) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return done(question.get());
            } catch (CompletionException notYet) {
                assertThat(notYet).cause().isInstanceOfSatisfying(TableFault.class, fault -> assertThat(fault.reason())
                        .isNotEqualTo(Reason.BUG));
                assertThat(System.nanoTime() - deadline)
                        .as("still: %s", notYet.getMessage())
                        .isNegative();
            }
        }
    }
}

package dev.sandgate.bench.scenario;

import java.time.Duration;
import java.util.List;

/**
 * Something that goes wrong on purpose.
 *
 * @param at from the start of what is measured
 */
public record Fault(Duration at, Deed deed) {

    /** What is done. */
    public sealed interface Deed {}

    /** SIGKILL. */
    public record Kill(String program) implements Deed {}

    /** SIGTERM. */
    public record Stop(String program) implements Deed {}

    /** SIGSTOP, and SIGCONT after a while. */
    public record Pause(String program, Duration lasts) implements Deed {}

    /** Starts a program that was ended. */
    public record Start(String program) implements Deed {}

    /** A request to whoever can do it: a drain, by the door's admin API. */
    public record Call(String method, String url, String body) implements Deed {}

    /** A command to a Redis: {@code FLUSHALL}. */
    public record Redis(String host, int port, List<String> command) implements Deed {}

    /** {@code kill s1}, for lines and plots. */
    public String told() {
        if (deed instanceof Kill kill) {
            return "kill " + kill.program();
        } else if (deed instanceof Stop stop) {
            return "stop " + stop.program();
        } else if (deed instanceof Pause pause) {
            return "pause " + pause.program() + " for " + pause.lasts().toMillis() + " ms";
        } else if (deed instanceof Start start) {
            return "start " + start.program();
        } else if (deed instanceof Call call) {
            return call.method() + " " + call.url();
        } else if (deed instanceof Redis redis) {
            return "redis " + String.join(" ", redis.command());
        }
        throw new AssertionError(deed);
    }
}

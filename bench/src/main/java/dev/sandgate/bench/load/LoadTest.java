package dev.sandgate.bench.load;

import dev.sandgate.bench.result.HistogramLog;
import dev.sandgate.bench.result.Progress;
import dev.sandgate.bench.result.Result.Second;
import dev.sandgate.bench.result.Result.Use;
import dev.sandgate.bench.scenario.Arrival;
import dev.sandgate.bench.scenario.Scenario;
import dev.sandgate.bench.scenario.Sessions;
import dev.sandgate.bench.truth.Verdicts;
import dev.sandgate.bench.wire.Wires;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** The load of one scenario. All on one event loop; made there, and started there once. */
@SuppressWarnings("FutureReturnValueIgnored") // a timer's deed is guarded: what goes wrong in it ends the run
final class LoadTest implements Run {

    private static final long SECOND = 1_000_000_000;
    private static final long LOOK_MILLIS = 100;

    /**
     * What a run tells while it is under way.
     *
     * @param programs what the stage's programs use; read each second
     */
    record Listeners(
            Progress progress, Optional<HistogramLog> log, Supplier<Map<String, Use>> programs, Runnable measured) {}

    private final Scenario scenario;
    private final EventLoop loop;
    private final Listeners listeners;
    private final Doors doors;
    private final Mix mix;
    private final Tape tape;
    private final Stalls stalls;
    private final Verdicts verdicts;
    private final long start = System.nanoTime();
    private final Instant started = Instant.now();
    private final long warmUp;
    private final long end;
    private final Generator generator;
    private final Set<Course> courses = new LinkedHashSet<>();
    private final Map<String, Long> said = new HashMap<>();
    private final List<ScheduledFuture<?>> ticks = new ArrayList<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final String prefix = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private long born;

    LoadTest(Scenario scenario, EventLoop loop, Verdicts verdicts, Listeners listeners) {
        this.scenario = scenario;
        this.loop = loop;
        this.verdicts = verdicts;
        this.listeners = listeners;
        this.warmUp = scenario.warmUp().toNanos();
        this.end = warmUp + scenario.duration().toNanos();
        this.tape = new Tape(warmUp, end);
        this.stalls = new Stalls(warmUp);
        this.mix = new Mix(
                scenario.sessions().stream()
                        .filter(sort -> sort.arrival().isEmpty())
                        .toList(),
                scenario.seed());
        this.doors = new Doors(scenario.doors().stream()
                .map(door -> new Wires(loop, door, scenario.connections(), scenario.timeout()))
                .toList());
        this.generator = new Generator(this, loop);
    }

    /** Starts; completes when all is over and nothing is open any more. */
    CompletableFuture<Void> begin() {
        ticks.add(loop.scheduleAtFixedRate(() -> guarded(this::second), 1, 1, TimeUnit.SECONDS));
        ticks.add(loop.scheduleAtFixedRate(() -> guarded(this::look), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS));
        at(warmUp, late -> {
            generator.begin();
            listeners.measured().run();
        });
        if (scenario.arrival() instanceof Arrival.Closed closed) {
            for (int n = 0; n < closed.sessions(); n++) {
                come(mix.next(), 0);
            }
        } else {
            nextCome(arrivals(scenario.arrival()), mix::next);
        }
        for (Sessions sort : scenario.sessions()) {
            sort.arrival().ifPresent(own -> nextCome(arrivals(own), () -> sort));
        }
        return over;
    }

    private Arrivals arrivals(Arrival arrival) {
        return new Arrivals(arrival, scenario.warmUp(), scenario.duration(), scenario.seed());
    }

    /** Something was done on purpose, just now. */
    void fault(String what) {
        tape.fault(now(), what);
    }

    /** When measuring began. */
    Instant measuredFrom() {
        return started.plusNanos(warmUp);
    }

    Generator generator() {
        return generator;
    }

    /** How many requests each session made, of those whose every request was answered. */
    Map<String, Long> said() {
        return said;
    }

    private void nextCome(Arrivals arrivals, Supplier<Sessions> who) {
        OptionalLong next = arrivals.next();
        if (next.isPresent()) {
            at(next.getAsLong(), late -> {
                come(who.get(), next.getAsLong());
                nextCome(arrivals, who);
            });
        }
    }

    private void come(Sessions sort, long planned) {
        if (scenario.most() > 0 && born == scenario.most()) {
            return;
        }
        born++;
        String id = "b" + prefix + "-" + born;
        Course course = new Course(this, sort, Speech.of(doors, sort, id), id, planned);
        courses.add(course);
        course.start();
    }

    @Override
    public void finished(Course course) {
        courses.remove(course);
        course.said().ifPresent(count -> said.put(course.knownAs(), count));
        if (scenario.arrival() instanceof Arrival.Closed && course.ofTheMix() && now() < end) {
            long planned = now();
            loop.execute(() -> guarded(() ->
                    come(mix.next(), planned))); // not from within: a door that refuses at once would fill the stack
        }
    }

    private void second() {
        long now = now();
        Tape.Interval timed = tape.second(
                now, generator.cpu(), generator.lag(), listeners.programs().get());
        listeners
                .log()
                .ifPresent(log -> log.second(started.plusNanos(now - SECOND), timed.response(), timed.service()));
        List<Second> all = tape.timeline();
        listeners.progress().second(all.get(all.size() - 1), verdicts.total());
    }

    private void look() {
        long now = now();
        for (Course course : List.copyOf(courses)) {
            course.look(now);
        }
        boolean allCame = scenario.most() > 0 && born == scenario.most();
        if (now < end && !(allCame && courses.isEmpty())) {
            return;
        }
        tape.endsAt(now);
        for (Course course : List.copyOf(courses)) {
            if (!course.waits()) {
                course.leave();
                courses.remove(course);
                course.said().ifPresent(count -> said.put(course.knownAs(), count));
            }
        }
        if (courses.isEmpty()) {
            ticks.forEach(tick -> tick.cancel(false));
            doors.close();
            over.complete(null);
        }
    }

    @Override
    public long now() {
        return System.nanoTime() - start;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long patience() {
        return scenario.timeout().toNanos();
    }

    @Override
    public void at(long moment, LongConsumer deed) {
        long wait = moment - now();
        if (wait <= 0) {
            deed.accept(-wait);
        } else {
            loop.schedule(() -> guarded(() -> deed.accept(now() - moment)), wait, TimeUnit.NANOSECONDS);
        }
    }

    /** A bug ends the run, and is told: timers would swallow it. */
    private void guarded(Runnable deed) {
        try {
            deed.run();
        } catch (RuntimeException bug) {
            over.completeExceptionally(bug);
        }
    }

    @Override
    public Tape tape() {
        return tape;
    }

    @Override
    public Stalls stalls() {
        return stalls;
    }

    @Override
    public Verdicts verdicts() {
        return verdicts;
    }
}

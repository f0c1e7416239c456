package dev.sandgate.bench.load;

import dev.sandgate.bench.result.Violation.Kind;
import dev.sandgate.bench.scenario.Sessions;
import dev.sandgate.bench.scenario.Sessions.Ending;
import dev.sandgate.bench.truth.EventOrder;
import dev.sandgate.bench.truth.Sight;
import dev.sandgate.bench.truth.Witness;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One session from its planned start to its end: opens, calls when each call is due, holds its stream, ends. Times each
 * request from when it was due, and has each answer judged.
 */
final class Course {

    private final Run run;
    private final Sessions sort;
    private final Speech speech;
    private final String id;
    private final long planned;
    private final Witness witness = new Witness();
    private final EventOrder order = new EventOrder();
    private Optional<String> home = Optional.empty();
    private boolean admitted;
    private boolean over;
    private long made;
    private long sent = Long.MAX_VALUE;
    private long exchange;

    Course(Run run, Sessions sort, Speech speech, String id, long planned) {
        this.run = run;
        this.sort = sort;
        this.speech = speech;
        this.id = id;
        this.planned = planned;
    }

    void start() {
        run.tape().sessionPlanned(planned);
        if (speech.opens()) {
            ask(planned, speech::open, this::opened);
        } else {
            callDue(planned);
        }
    }

    /** What was asked so long ago is not waited for any more. */
    void look(long now) {
        if (sent < now - run.patience()) {
            speech.leave();
            answered(exchange, planned, Said.failed("timeout"), this::closeAfter);
        }
    }

    /** Whether an answer is waited for. */
    boolean waits() {
        return sent != Long.MAX_VALUE;
    }

    /** The run is over: goes without a word and without a trace in the figures. */
    void leave() {
        if (!over) {
            over = true;
            speech.leave();
        }
    }

    /** Whether it came by the scenario's plan, and not by one of its sort's own. */
    boolean ofTheMix() {
        return sort.arrival().isEmpty();
    }

    /** How many requests the session made, where each was answered. */
    Optional<Long> said() {
        return admitted && witness.certain() && witness.home().isPresent()
                ? Optional.of(witness.said())
                : Optional.empty();
    }

    /** As the sandbox knows it. */
    String knownAs() {
        return witness.session();
    }

    private void ask(long due, Consumer<Consumer<Said>> question, Consumer<Said> then) {
        sent = run.now();
        exchange++;
        long asking = exchange;
        run.stalls().asked(sent);
        question.accept(said -> answered(asking, due, said, then));
    }

    private void answered(long asking, long due, Said said, Consumer<Said> then) {
        if (over || asking != exchange || sent == Long.MAX_VALUE) {
            return; // an answer to what is not waited for any more
        }
        long now = run.now();
        run.stalls().answered(now);
        run.tape().request(due, sent, now, said.half() ? Kind.HALF_BODY.told() : said.failure());
        sent = Long.MAX_VALUE;
        then.accept(said);
    }

    private void opened(Said said) {
        if (!said.succeeded()) {
            if (said.lost() && speech.told()) {
                violation(Kind.TOLD_TOO_EARLY, "the first request with the id that was told: " + said.failure());
            }
            refused(said);
            return;
        }
        said.sight().ifPresent(this::judge);
        admit();
    }

    /** It is open: its stream comes next, where it holds one, and once that is open too its calls go on. */
    private void admit() {
        admitted = true;
        run.tape().sessionAdmitted(planned, run.now());
        if (sort.stream().isEmpty()) {
            goOn();
        } else {
            witness.besides();
            speech.hold(new Holding());
        }
    }

    private void goOn() {
        if (made == 0 || (made == 1 && sort.affinity().learned())) {
            callDue(run.now()); // at once, by another way: what was told has to work
            return;
        }
        long next = sort.pace().every().toNanos();
        callDue(sort.pace().fixed() ? planned + made * next : run.now() + next);
    }

    private void refused(Said said) {
        if (said.half()) {
            violation(Kind.HALF_BODY, said.failure());
        }
        run.tape().sessionRefused(planned, said.failure());
        finish(false, false);
    }

    /** The next call, at a moment that may be over. */
    private void callDue(long due) {
        if (over) {
            return;
        }
        if (made == sort.calls() || due >= run.end()) {
            run.at(run.now() + sort.hold().toNanos(), late -> goes());
        } else {
            run.at(due, late -> call(due));
        }
    }

    private void call(long due) {
        if (over) {
            return;
        }
        made++;
        ask(due, then -> speech.call(made, then), this::heard);
    }

    private void heard(Said said) {
        if (said.half()) {
            violation(Kind.HALF_BODY, said.failure());
        }
        if (said.heard() && said.sight().isEmpty()) {
            witness.missed();
        }
        if (!admitted && !said.succeeded()) {
            refused(said);
            return;
        }
        said.sight().ifPresent(this::judge);
        if (said.lost()) {
            lost(said.failure());
        } else if (admitted) {
            goOn();
        } else {
            admit();
        }
    }

    private void lost(String why) {
        if (made == 1 && sort.affinity().learned() && speech.opens()) {
            violation(Kind.TOLD_TOO_EARLY, "the first request with the id that was told: " + why);
        }
        run.tape().sessionLost(why);
        finish(false, false);
    }

    private void judge(Sight sight) {
        witness.saw(sight).ifPresent(finding -> {
            boolean early = made == 2 && sort.affinity().learned() && !speech.opens();
            violation(early ? Kind.TOLD_TOO_EARLY : finding.kind(), finding.why());
        });
        if (!witness.home().equals(home)) {
            home.ifPresent(before -> run.tape().slot(before, -1));
            home = witness.home();
            home.ifPresent(instance -> run.tape().slot(instance, 1));
        }
    }

    private void goes() {
        if (over) {
            return;
        }
        if (sort.end() == Ending.VANISH) {
            finish(false, true);
        } else if (!speech.ends()) {
            finish(true, false);
        } else {
            ask(run.now(), speech::end, said -> finish(said.succeeded(), false));
        }
    }

    private void closeAfter(Said timeout) {
        if (admitted) {
            run.tape().sessionLost(timeout.failure());
        } else {
            run.tape().sessionRefused(planned, timeout.failure());
        }
        finish(false, false);
    }

    private void finish(boolean ended, boolean vanished) {
        if (over) {
            return;
        }
        over = true;
        order.over().ifPresent(finding -> violation(finding.kind(), "on its stream: " + finding.why()));
        if (admitted) {
            run.tape().sessionOver(planned, ended, vanished);
            home.ifPresent(instance -> run.tape().slot(instance, -1));
        }
        if (!vanished) {
            speech.leave();
        }
        run.finished(this);
    }

    private void violation(Kind kind, String why) {
        run.verdicts().add(kind, String.format("%s %s, call %d: %s", sort.name(), id, made, why));
    }

    /** Follows the held stream. */
    private final class Holding implements Speech.StreamEar {

        @Override
        public void open() {
            goOn(); // nothing is timed: it is held, not asked
        }

        @Override
        public void event(long number, String data) {
            if (number > 0) {
                order.saw(number).ifPresent(finding -> violation(finding.kind(), "on its stream: " + finding.why()));
            }
            Sight.of(data)
                    .filter(sight -> home.isPresent() && !home.get().equals(sight.instance()))
                    .ifPresent(sight -> violation(Kind.WRONG_INSTANCE, "its stream comes from " + sight));
        }

        @Override
        public void over(String why) {
            if (!over && !why.isEmpty()) {
                run.tape().sessionLost("stream-" + why);
                finish(false, false);
            }
        }
    }
}

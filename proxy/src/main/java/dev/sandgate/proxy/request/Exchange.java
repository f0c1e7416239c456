package dev.sandgate.proxy.request;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.Waiting;
import dev.sandgate.policies.Outcome;
import dev.sandgate.policies.breaker.Decision;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.forward.Copy;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.forward.HeaderRules;
import dev.sandgate.proxy.forward.Journey;
import dev.sandgate.proxy.forward.Transfer;
import dev.sandgate.proxy.identify.Identified;
import dev.sandgate.proxy.identify.SessionSource;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.InboundConnection;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to its settlement: what is known of it so far, and the way it goes. All on its event loop.
 */
final class Exchange implements Journey {

    /** How its instance was chosen, as the access log and {@code X-Sandgate-Reason} say. */
    enum Chosen {
        NOT_YET(""),
        /** The session's home. */
        KEPT("kept"),
        /** A new session's. */
        NEW("new"),
        /** No session: any instance. */
        SPREAD("spread");

        final String word;

        Chosen(String word) {
            this.word = word;
        }
    }

    private static final String INSTANCE_FIELD = "X-Sandgate-Instance";
    private static final String REASON_FIELD = "X-Sandgate-Reason";

    final RequestWay way;
    final HttpServerRequest request;
    final InboundConnection connection;
    final String requestId;
    final long beganAt = System.nanoTime();
    // neighbours in the loop's list of requests under way
    @Nullable Exchange before;

    @Nullable Exchange after;

    private @Nullable Inbound inbound;

    @Nullable Route route;

    /** What its instance sees as its target; null: what the client wrote. */
    @Nullable String target;

    Chosen chosen = Chosen.NOT_YET;

    @Nullable Binding binding;

    boolean entered;

    @Nullable Opening opening;

    /** What the request says of its session; null: not yet looked for. */
    @Nullable Identified who;

    /** What the breakers want to hear of the present try. */
    Decision.@Nullable Go attempt;

    /** Tries after the first. */
    int retries;

    private @Nullable Guarded guarded;
    private boolean copied;

    /** Made the id of this session, and tells it. */
    @Nullable SessionSource maker;

    /** Brought the id of a session that is lost, and takes it back. */
    @Nullable SessionSource lostAt;

    /** Who may learn a further session's id from the answer, beside the one that the request came with. */
    List<SessionSource> learners = List.of();

    @Nullable Learning learning;

    /** Opens a further session where the answer tells of one. */
    @Nullable LearningBeside beside;

    /** The further session that the answer began. */
    @Nullable Binding begun;

    /** The session is over with this answer: its stream is the session. */
    boolean endsSession;

    /** The session is over because of this request, whose own answer goes out whole. */
    boolean endedSession;

    @Nullable Destination destination;

    @Nullable Transfer transfer;

    @Nullable Waiting waiting;

    long bytesIn;
    long bytesOut;
    /** When it went to an instance last; 0: not yet. */
    long placedAt;

    private boolean handedOver;
    private long awayNanos;
    long answeredAt;
    int status;

    @Nullable Fault fault;

    boolean settled;

    Exchange(RequestWay way, HttpServerRequest request, InboundConnection connection, String requestId) {
        this.way = way;
        this.request = request;
        this.connection = connection;
        this.requestId = requestId;
    }

    /** Its session is of this pool of its route's. */
    void livesAt(Route home, Identified.Known there) {
        route = home;
        who = there;
        learners = there.learners();
    }

    /** It has no session yet, and begins one in this pool of its route's, or goes there without. */
    void beginsAt(Route home, Identified without) {
        route = home;
        who = without;
    }

    /** Another route takes it up, as if nothing had been tried. */
    void startAnew(Route other) {
        way.leave(this);
        way.forgetUnsent(this);
        if (learning != null) {
            learning.settled();
        }
        route = other;
        chosen = Chosen.NOT_YET;
        binding = null;
        opening = null;
        maker = null;
        learning = null;
        destination = null;
        transfer = null;
    }

    /** From now on it is its instance's. */
    void handOver() {
        placedAt = System.nanoTime();
        handedOver = true;
    }

    /** The instance is done with it, and there is no answer: it is ours again. */
    void takeBack() {
        handedOver = false;
        away(System.nanoTime() - placedAt);
    }

    /** It was with a queue, or with an instance that could not be reached, for so long. */
    void away(long nanos) {
        awayNanos += nanos;
    }

    /** How long it was with us on its way in, queues left out; up to now where no instance has it. */
    long oursNanos() {
        return (handedOver ? placedAt : System.nanoTime()) - beganAt - awayNanos;
    }

    void passed(Inbound checked) {
        this.inbound = checked;
    }

    /** Whether the gate let it pass; before that {@link #inbound} has nothing to tell. */
    boolean hasPassed() {
        return inbound != null;
    }

    /** Its route, which is known once it was looked for. */
    Route routed() {
        return Objects.requireNonNull(route);
    }

    /** What it says of its session, once that was looked for. */
    Identified identified() {
        return Objects.requireNonNull(who);
    }

    /** What policies know of it, once its route is known. */
    Guarded guarded() {
        Guarded known = guarded;
        if (known == null) {
            known = new Guarded(this);
            guarded = known;
        }
        return known;
    }

    /** The policy that refused it; null: none did. */
    Guard.@Nullable Refused refusal() {
        return guarded == null ? null : guarded.refusal;
    }

    /** The session that the request names. */
    @Nullable SessionKey key() {
        if (binding != null) {
            return binding.key();
        }
        return who instanceof Identified.Known known ? known.key() : null;
    }

    /** The present try is over without an answer, or needs none. */
    void attemptOver() {
        Decision.Go over = attempt;
        if (over != null) {
            attempt = null;
            over.done(outcome());
        }
    }

    /** The same because of this, which may not be the request's end. */
    void attemptFailed(Fault why) {
        fault = why;
        attemptOver();
        fault = null;
    }

    /** Tells those who want to hear of it that it is over. */
    void tellOutcome() {
        attemptOver();
        if (guarded != null) {
            guarded.over();
        }
    }

    /** How it ended, or would if it ended now. */
    Outcome outcome() {
        return new Outcome(end(), bytesIn, bytesOut, opened());
    }

    /** The same for whoever was asked about the further session alone. */
    Outcome outcomeOfFurther() {
        return new Outcome(end(), bytesIn, bytesOut, begun == null ? null : begun.key());
    }

    private Outcome.End end() {
        Fault why = fault;
        if (why == null) {
            return Outcome.End.ANSWERED;
        }
        return switch (why.reason()) {
            case CLIENT_GONE -> Outcome.End.CLIENT_GONE;
            case INSTANCE_UNREACHABLE, INSTANCE_BROKEN, INSTANCE_TIMEOUT, ANSWER_CUT, STREAM_IDLE ->
                Outcome.End.INSTANCE_FAILED;
            default -> Outcome.End.REFUSED;
        };
    }

    /** Whether no instance heard of it, with this try or one before. */
    boolean isUnheardOf() {
        return retries == 0 && (transfer == null || !transfer.sent());
    }

    /** Whether its session is with an instance that heard of it, and nowhere else. */
    boolean isTied() {
        return chosen == Chosen.KEPT || (retries > 0 && binding != null);
    }

    /** The session that began with it. */
    private @Nullable SessionKey opened() {
        if (!isUnheardOf() && chosen == Chosen.NEW && binding != null && !endsSession) {
            return binding.key();
        }
        return begun == null ? null : begun.key();
    }

    @Override
    public Inbound inbound() {
        Inbound checked = inbound;
        if (checked == null) {
            throw new IllegalStateException("the request has not passed the gate");
        }
        return checked;
    }

    @Override
    public String target() {
        String changed = target;
        return changed == null ? inbound().target() : changed;
    }

    @Override
    public long minRate() {
        return route == null ? 0 : route.rules().minRate();
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public HeaderRules rules() {
        return way.rules();
    }

    @Override
    public boolean holds() {
        return binding == null || !entered || binding.holds();
    }

    @Override
    public void dressRequest(MultiMap fields) {
        if (guarded != null) {
            guarded.strip(fields);
        }
        if (route != null) {
            route.identifier().strip(binding, inbound(), fields);
            if (route.identifier().mcp().isPresent() && !preservesHost()) {
                // checked here, and meaningless beside a Host of our making
                fields.remove("origin");
            }
        }
        if (maker != null && binding != null) {
            maker.tellInstance(binding.key().id(), fields);
        }
        if (route != null) {
            route.rules().rewrite().request(fields);
        }
    }

    private boolean preservesHost() {
        return destination != null && destination.preservesHost();
    }

    // one copy of a request at the most, however often it is tried; and no failure of one may touch it
    @Override
    public @Nullable Copy copy(HttpClientRequest original) {
        if (copied || route == null || route.mirror().isEmpty()) {
            return null;
        }
        copied = true;
        return way.copy(this, route.mirror().get(), original);
    }

    @Override
    public void sent() {
        if (attempt != null) {
            attempt.sent();
        }
    }

    @Override
    public void answered(Transfer from, AnswerHead head) {
        answeredAt = System.nanoTime();
        status = head.status();
        if (way.tries().again(this, from, head)) {
            return;
        }
        if (attempt != null) {
            attempt.head(head.status());
        }
        if (guarded != null) {
            guarded.answered(head.status());
        }
        if (learning != null) {
            learning.answered(from, head);
        } else if (endsWith(head) && binding != null) {
            way.endThenPass(this, from, binding);
        } else if (!learners.isEmpty() && binding != null && route != null) {
            beside().answered(from, head);
        } else {
            from.pass();
        }
    }

    private LearningBeside beside() {
        LearningBeside known = beside;
        if (known == null) {
            known = new LearningBeside(way, this, Objects.requireNonNull(route), Objects.requireNonNull(binding));
            beside = known;
        }
        return known;
    }

    // A DELETE that the instance took, or its own 404: the session is over there, so it is over here.
    private boolean endsWith(AnswerHead head) {
        if (binding == null || binding.key().source() != Source.MCP || chosen != Chosen.KEPT) {
            return false;
        }
        boolean deleted = request.method().equals(HttpMethod.DELETE) && head.status() < 300;
        return deleted || head.status() == 404;
    }

    @Override
    public void held(Transfer from, Buffer piece) {
        if (learning != null) {
            learning.held(from, piece);
        } else if (beside != null) {
            beside.held(from, piece);
        }
    }

    @Override
    public void heldEnded(Transfer from) {
        if (learning != null) {
            learning.heldEnded(from);
        } else if (beside != null) {
            beside.heldEnded(from);
        }
    }

    @Override
    public void dressAnswer(MultiMap fields) {
        if (route != null && destination != null) {
            route.rules().rewrite().paths(fields, inbound(), destination.authority());
        }
        if (route != null) {
            route.identifier().undress(begun != null ? begun : binding, inbound(), fields);
        }
        if (maker != null && binding != null) {
            maker.tellClient(binding, inbound(), fields);
        }
        if (route != null) {
            route.rules().rewrite().answer(fields);
            route.rules().tellPage(request, fields);
        }
        if (connection.isClosing()) {
            fields.set("Connection", "close");
        }
        if (route != null && route.config().debug() && destination != null) {
            fields.set(INSTANCE_FIELD, destination.instance().id());
            fields.set(REASON_FIELD, chosen.word);
        }
    }

    @Override
    public void failed(Fault why, Again again) {
        way.failed(this, why, again);
    }

    @Override
    public void ended(boolean whole) {
        way.ended(this, whole);
    }

    @Override
    public void cut(Fault why) {
        // settled first: a reset HTTP/2 stream tells at once that it is closed, as if its client had left
        fault = why;
        way.settle(this);
        // half a body must not look whole
        request.response().reset(2);
    }

    /** The client left, or its request broke off. */
    void clientGone() {
        // an HTTP/2 stream closes with the answer's last byte, a moment before the instance's side is done
        boolean hasAll = transfer != null && transfer.answerIsOut();
        // and so does one that is being refused: its reason stands
        boolean refused = fault != null;
        if (!settled && !hasAll && !refused && !goesOnAlone()) {
            fault = Fault.of(Reason.CLIENT_GONE);
            status = Reason.CLIENT_GONE.status();
            way.withdraw(this);
            way.settle(this);
        }
    }

    private boolean goesOnAlone() {
        if (learning != null) {
            return learning.goesOnAlone();
        }
        return !learners.isEmpty() && binding != null && route != null && beside().goesOnAlone();
    }

    /** Why it is over, where one of its sessions is among these. */
    @Nullable Ended over(Map<Binding, Ended> over) {
        // the table's news may be quicker than its answer
        Ended why = binding == null || endedSession ? null : over.get(binding);
        return why == null && beside != null ? beside.over(over) : why;
    }

    /** Its session is over, or its node: the answer is cut, or refused where it has not begun. Settles it. */
    void cutShort(Fault why) {
        if (settled) {
            return;
        }
        if (request.response().headWritten()) {
            way.withdraw(this);
            cut(why);
        } else {
            way.withdraw(this);
            way.refuse(this, why);
        }
    }

    void tick(long nowNanos) {
        if (transfer != null) {
            transfer.tick(nowNanos);
        }
        if (learning != null) {
            learning.tick(nowNanos);
        }
        if (beside != null) {
            beside.tick(nowNanos);
        }
        if (guarded != null && transfer != null && !guarded.mayMove(transfer)) {
            cutShort(Fault.of(Reason.BUDGET_SPENT));
        }
    }
}

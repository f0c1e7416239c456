package dev.sandgate.proxy.request;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.forward.Transfer;
import dev.sandgate.proxy.identify.McpSource;
import dev.sandgate.proxy.identify.SessionSource;
import dev.sandgate.proxy.mcp.EndpointHold;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request of a known session whose answer may open another beside it: an MCP session, or the id that an application
 * changes its own into. That one lives on the same instance, with a slot of its own, and no byte of the answer that tells
 * its id goes to the client before the table holds it. All on the request's loop.
 */
final class LearningBeside {

    private final RequestWay way;
    private final Exchange exchange;
    private final Route route;
    private final Binding home;
    private @Nullable EndpointHold hold;
    private @Nullable Binding stream;
    private boolean answered;
    private boolean alone;

    /** @param home of the session that the request came with */
    LearningBeside(RequestWay way, Exchange exchange, Route route, Binding home) {
        this.way = way;
        this.exchange = exchange;
        this.route = route;
        this.home = home;
    }

    /** The answer's head is here. */
    void answered(Transfer transfer, AnswerHead head) {
        answered = true;
        for (SessionSource learner : exchange.learners) {
            Optional<String> id = learner.learn(head);
            if (id.isPresent() && alone) {
                way.sayGoodbye(exchange, route.identifier().key(learner, id.get(), exchange.inbound()), () -> {});
            } else if (id.isPresent()) {
                open(learner, id.get(), opened -> {
                    exchange.begun = opened;
                    transfer.pass();
                });
                return;
            }
        }
        Optional<McpSource> mcp =
                route.identifier().mcp().filter(source -> source.opensEventStream(exchange.inbound()));
        if (alone) {
            way.finishAlone(exchange);
        } else if (mcp.isPresent() && head.eventStream() && head.status() < 300) {
            hold = route.rules().hold(mcp.get(), exchange.inbound());
            transfer.hold();
        } else {
            transfer.pass();
        }
    }

    /** A piece of a held event stream. */
    void held(Transfer transfer, Buffer piece) {
        EndpointHold holding = hold;
        if (holding == null) {
            return;
        }
        Optional<EndpointHold.Found> found = holding.offer(piece);
        if (found.isPresent() && found.get().id().isPresent()) {
            hold = null;
            transfer.pause();
            SessionSource mcp = route.identifier().mcp().orElseThrow();
            open(mcp, McpSource.sse(found.get().id().get()), opened -> {
                stream = opened.enter() ? opened : null;
                transfer.pass(found.get().stream());
            });
        } else if (found.isPresent() || holding.isOver(System.nanoTime())) {
            hold = null;
            transfer.pass(found.map(EndpointHold.Found::stream).orElse(holding.held()));
        }
    }

    /** A held event stream ended without an endpoint event. */
    void heldEnded(Transfer transfer) {
        EndpointHold holding = hold;
        if (holding != null) {
            hold = null;
            transfer.passWhole(holding.held());
        }
    }

    /**
     * The client has left. An instance that was asked for an MCP session makes it all the same, so the request runs on to
     * its answer's head without the client, within the pool's own deadline.
     */
    boolean goesOnAlone() {
        Transfer transfer = exchange.transfer;
        boolean asked = transfer != null
                && transfer.isWhole()
                && exchange.request.method().equals(HttpMethod.POST)
                && exchange.learners.stream().anyMatch(learner -> learner.kind() == Source.MCP);
        if (asked && !answered) {
            alone = true;
        }
        return alone;
    }

    void tick(long nowNanos) {
        EndpointHold holding = hold;
        if (holding != null && holding.isOver(nowNanos) && exchange.transfer != null) {
            hold = null;
            exchange.transfer.pass(holding.held());
        }
    }

    private void open(SessionSource learner, String id, Consumer<Binding> then) {
        SessionKey key = route.identifier().key(learner, id, exchange.inbound());
        if (key.equals(home.key())) {
            // told once more, as applications do to renew a cookie
            then.accept(home);
            return;
        }
        if (exchange.chosen == Exchange.Chosen.NEW) {
            exchange.guarded().wouldOpenAnother();
        }
        way.guard().askOpening(exchange, route, () -> open(key, then), () -> {
            way.sayGoodbye(exchange, key, () -> {});
            way.refuseByPolicy(exchange);
        });
    }

    private void open(SessionKey key, Consumer<Binding> then) {
        Opening opening = new Opening(ThreadLocalRandom.current().nextLong(), othersThanHome());
        way.table().open(key, opening).onComplete(answer -> way.onLane(() -> opened(key, answer, then)));
    }

    private void opened(SessionKey key, AsyncResult<Placement> answer, Consumer<Binding> then) {
        Placement placed = answer.result();
        if (placed instanceof Placement.Fresh fresh && exchange.settled) {
            // nobody heard of it
            undo(key, fresh);
        } else if (placed instanceof Placement.Fresh fresh && !isHome(fresh.binding())) {
            // an instance that appeared in this moment is not among those that were left out
            undo(key, fresh);
            way.refuse(exchange, Fault.of(Reason.POOL_FULL).retryAfter(Duration.ofSeconds(1)));
        } else if (placed instanceof Placement.Fresh fresh) {
            way.sessionBegan(exchange, key);
            then.accept(fresh.binding());
        } else if (placed instanceof Placement.Kept kept && isHome(kept.binding())) {
            then.accept(kept.binding());
        } else if (placed instanceof Placement.Kept) {
            way.refuse(exchange, Fault.anothersId());
        } else {
            way.sayGoodbye(exchange, key, () -> {});
            way.refuse(exchange, Fault.of(Reason.POOL_FULL).retryAfter(Duration.ofSeconds(1)));
        }
    }

    /** The instance lets go of it first, the table second. */
    private void undo(SessionKey key, Placement.Fresh opened) {
        way.sayGoodbye(
                exchange, key, () -> way.table().end(key, opened.binding().generation()));
    }

    private boolean isHome(Binding other) {
        return other.instance().equals(home.instance());
    }

    private Set<String> othersThanHome() {
        return way.table().instances(home.instance().pool()).members().stream()
                .map(member -> member.instance().id())
                .filter(other -> !other.equals(home.instance().id()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Why the session is over that lives with this answer, where it is among these. */
    @Nullable Ended over(Map<Binding, Ended> over) {
        return stream == null ? null : over.get(stream);
    }

    /** The request is over, and with its stream the session that was it. */
    void settled() {
        Binding over = stream;
        if (over != null) {
            stream = null;
            over.leave();
            way.table().end(over.key(), over.generation());
        }
    }
}

package dev.sandgate.proxy.mcp;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The scanner of an event stream, from its beginning to the endpoint event: once for each HTTP+SSE session. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EndpointHoldJmh {

    private static final String EVENT =
            "event: endpoint\ndata: /messages?sessionId=0af76519-16cd-43dd-8448-eb211c80319c\n\n";

    private final Buffer event = Buffer.buffer(EVENT);
    private final Buffer firstHalf = event.getBuffer(0, EVENT.length() / 2);
    private final Buffer secondHalf = event.getBuffer(EVENT.length() / 2, EVENT.length());
    private final Buffer late = Buffer.buffer(": a comment to keep alive\n\n".repeat(150) + EVENT);

    private static EndpointHold hold() {
        return new EndpointHold("/sse", "sessionId"::equals, 0);
    }

    /** The event comes first and in one piece, as servers send it. */
    @Benchmark
    public Optional<EndpointHold.Found> inOnePiece() {
        return hold().offer(event);
    }

    /** The event comes in two pieces. */
    @Benchmark
    public Optional<EndpointHold.Found> inTwoPieces() {
        EndpointHold hold = hold();
        return hold.offer(firstHalf).or(() -> hold.offer(secondHalf));
    }

    /** The event comes after 4 KiB of comments. */
    @Benchmark
    public Optional<EndpointHold.Found> afterFourKibibytes() {
        return hold().offer(late);
    }
}

package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the engine asks of the request that it carries, and tells it. All calls are on the request's event loop; after
 * {@link #failed} or {@link #ended} comes none.
 */
public interface Journey {

    Inbound inbound();

    /** What the instance sees as the request's target, in origin form. */
    default String target() {
        return inbound().target();
    }

    /** Bytes per second at which the client must send and take while it is waited for; 0: any. */
    default long minRate() {
        return 0;
    }

    /** Also told to the instance and to the client. */
    String requestId();

    /** The rules of the listener that the request came in by. */
    HeaderRules rules();

    /** Whether it may still go to the instance, now that there is a connection. No I/O, no allocation. */
    boolean holds();

    /** Last changes to the fields that go to the instance. */
    void dressRequest(MultiMap fields);

    /**
     * Who wants a copy of its body; null: nobody. Asked once for each transfer.
     *
     * @param original with all that goes before the body, and nothing sent
     */
    @Nullable Copy copy(HttpClientRequest original);

    /** The request's last byte was handed to the instance's connection. */
    void sent();

    /**
     * The answer's head is here, and waits. Call {@link Transfer#pass} now or later, on the loop: until then no byte of it
     * reaches the client.
     */
    void answered(Transfer transfer, AnswerHead head);

    /**
     * A piece of the body of an answer that is {@linkplain Transfer#hold held}. It is the journey's now: what it passes
     * later with {@link Transfer#pass(Buffer)} stands for all held pieces.
     */
    void held(Transfer transfer, Buffer piece);

    /** The body of a held answer ended before it was passed. */
    void heldEnded(Transfer transfer);

    /** Last changes to the fields that go to the client. */
    void dressAnswer(MultiMap fields);

    /**
     * It went wrong before any byte of an answer went to the client.
     *
     * @param again whether the same request may be sent once more
     */
    void failed(Fault fault, Again again);

    /**
     * The answer's last byte was handed to the client's connection.
     *
     * @param whole whether the request's body had been read to its end by then
     */
    void ended(boolean whole);

    /** The answer broke off after its head had gone to the client: it must be cut too, never ended. */
    void cut(Fault fault);

    /** Whether a failed request may be sent again. */
    enum Again {
        /** No byte of it left us. */
        NOTHING_SENT,
        /** A kept connection had gone stale under it, and it may be repeated (RFC 9110 section 9.2.2). */
        STALE,
        /** The instance may have acted on it. */
        NEVER
    }
}

package dev.sandgate.proxy.request;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Outcome;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import dev.sandgate.proxy.forward.Transfer;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request as policies see it, and what they made of it: who calls, who refused it, and who wants to hear how it ends.
 * Made where a policy is asked for the first time. On the request's loop.
 */
final class Guarded implements Seen {

    private static final String EVENT_STREAM = "text/event-stream";

    private final Exchange exchange;
    private @Nullable String client;
    private Principal principal = Principal.NOBODY;
    private List<String> unforwarded = List.of();
    private List<Aftermath> aftermaths = List.of();
    private boolean opens;
    private long bytesIn;
    private long bytesOut;
    /** Those from here on were asked about the further session that it would open. */
    private int further = Integer.MAX_VALUE;

    /** Whether the policies of its opening have let it pass. */
    boolean mayOpen;

    /** The policy that refused it. */
    Guard.@Nullable Refused refusal;

    Guarded(Exchange exchange) {
        this.exchange = exchange;
    }

    /** A policy knows who calls, and what of it the instance does not get. */
    void isOf(Principal caller, List<String> fields) {
        principal = caller;
        unforwarded = fields;
        if (caller.isSomebody()) {
            exchange.passed(inbound().by(caller.name()));
        }
    }

    /** It would open a session. */
    void wouldOpen() {
        opens = true;
    }

    /** It opened one, and would open a further one: that is asked for anew. */
    void wouldOpenAnother() {
        mayOpen = false;
        further = aftermaths.size();
    }

    /** Takes out of what goes to the instance what is between the client and us: credentials. */
    void strip(MultiMap fields) {
        unforwarded.forEach(fields::remove);
    }

    /** A policy wants to hear how it ends; at once where it has ended. */
    void hears(Aftermath aftermath) {
        if (exchange.settled) {
            aftermath.done(exchange.outcome());
            return;
        }
        if (aftermaths.isEmpty()) {
            aftermaths = new ArrayList<>(2);
        }
        aftermaths.add(aftermath);
    }

    /** The answer's head is here. */
    void answered(int status) {
        for (int at = 0; at < aftermaths.size(); at++) {
            aftermaths.get(at).head(status);
        }
    }

    /** Tells what has moved since; whether its bodies may go on. */
    boolean mayMove(Transfer transfer) {
        return aftermaths.isEmpty() || moved(transfer.bytesIn(), transfer.bytesOut());
    }

    private boolean moved(long in, long out) {
        // a further try counts from nothing
        long moreIn = Math.max(0, in - bytesIn);
        long moreOut = Math.max(0, out - bytesOut);
        if (moreIn + moreOut == 0) {
            return true;
        }
        bytesIn = in;
        bytesOut = out;
        boolean may = true;
        for (int at = 0; at < aftermaths.size(); at++) {
            may &= aftermaths.get(at).moved(moreIn, moreOut);
        }
        return may;
    }

    /** It is over. */
    void over() {
        moved(exchange.bytesIn, exchange.bytesOut);
        Outcome outcome = exchange.outcome();
        Outcome ofFurther = further < aftermaths.size() ? exchange.outcomeOfFurther() : outcome;
        for (int at = 0; at < aftermaths.size(); at++) {
            aftermaths.get(at).done(at < further ? outcome : ofFurther);
        }
    }

    /** Whether it asks an MCP server what it is (2026-07-28). */
    boolean discovers() {
        return mcp() && "server/discover".equals(field("mcp-method"));
    }

    // to the pool in which its session lives or begins, once that is known
    private Route routed() {
        return exchange.routed();
    }

    private Inbound inbound() {
        return exchange.inbound();
    }

    @Override
    public String method() {
        return exchange.request.method().name();
    }

    @Override
    public boolean secure() {
        return inbound().secure();
    }

    @Override
    public String host() {
        return inbound().host().name();
    }

    @Override
    public String path() {
        return inbound().path();
    }

    @Override
    public @Nullable String field(String lowerCaseName) {
        return exchange.request.headers().get(lowerCaseName);
    }

    @Override
    public List<String> fields(String lowerCaseName) {
        return exchange.request.headers().getAll(lowerCaseName);
    }

    @Override
    public String client() {
        String known = client;
        if (known == null) {
            known = exchange.rules().client(inbound());
            client = known;
        }
        return known;
    }

    @Override
    public List<X509Certificate> certificates() {
        // a trusted proxy's own certificate is not its clients'
        return trusted() ? List.of() : exchange.connection.certificates();
    }

    @Override
    public boolean trusted() {
        return inbound().trusted();
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public @Nullable SessionKey session() {
        return exchange.key();
    }

    @Override
    public boolean opens() {
        return opens;
    }

    @Override
    public boolean stream() {
        if (inbound().websocket()) {
            return true;
        }
        List<String> accepted = exchange.request.method().equals(HttpMethod.GET) ? fields("accept") : List.of();
        for (int at = 0; at < accepted.size(); at++) {
            if (accepted.get(at).toLowerCase(Locale.ROOT).contains(EVENT_STREAM)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean mcp() {
        return routed().identifier().mcp().isPresent();
    }

    @Override
    public String route() {
        return routed().config().name();
    }

    @Override
    public String pool() {
        return routed().pool().config().name();
    }

    @Override
    public int queueFilled() {
        int most = routed().pool().config().queue().max();
        return most == 0
                ? 0
                : (int) Math.min(100, 100L * routed().pool().queue().waiting() / most);
    }
}

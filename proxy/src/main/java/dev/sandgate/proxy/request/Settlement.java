package dev.sandgate.proxy.request;

import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Copy;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.log.AccessLog;
import dev.sandgate.proxy.log.Page;
import dev.sandgate.proxy.log.SessionDigest;
import dev.sandgate.proxy.meter.LaneMeter;
import dev.sandgate.proxy.meter.Meters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a request when it is over: its counts, and its line in the access log. One of these a lane; its own
 * loop only.
 */
public final class Settlement {

    private static final Reason[] REASONS = Reason.values();
    private static final String ANSWERED_HERE = "answered-here";

    private final Optional<AccessLog> log;
    private final SessionDigest names;
    private final LaneMeter meter;
    private Page page;
    private long second = -1;
    private String secondText = "";

    /**
     * A settlement that writes to this log and this meter.
     *
     * @param names what sessions are called there, the same on all lanes
     * @param meter one that knows {@link #reasons}
     */
    public Settlement(Optional<AccessLog> log, SessionDigest names, LaneMeter meter) {
        this.log = log;
        this.names = names;
        this.meter = meter;
        this.page = log.map(AccessLog::page).orElseGet(Page::new);
    }

    /** Every word that a request may end with: why it was refused or cut, else how its instance was chosen. */
    public static List<String> reasons() {
        List<String> words = new ArrayList<>();
        for (Reason reason : REASONS) {
            words.add(reason.slug());
        }
        for (Exchange.Chosen chosen : Exchange.Chosen.values()) {
            words.add(chosen.word.isEmpty() ? ANSWERED_HERE : chosen.word);
        }
        return words;
    }

    /** A request waited for a slot. */
    void waited(Exchange exchange, long nanos) {
        meter.waited(number(exchange.route), nanos);
    }

    /** A copy is over, or was not sent. Its outcome's place among the words; no number of these leaves the process. */
    @SuppressWarnings("EnumOrdinal")
    void copied(int route, Copy.Outcome outcome) {
        meter.copied(route, outcome.ordinal());
    }

    private void count(Exchange exchange) {
        int route = number(exchange.route);
        meter.settled(route, reason(exchange), exchange.status);
        meter.bytes(route, exchange.bytesIn, exchange.bytesOut);
        meter.overhead(exchange.oursNanos());
        Guard.Refused refusal = exchange.refusal();
        if (refusal != null) {
            meter.refused(refusal.by().number());
        }
    }

    // Its place among the words; no number of these leaves the process.
    @SuppressWarnings("EnumOrdinal")
    private static int reason(Exchange exchange) {
        return exchange.fault == null
                ? REASONS.length + exchange.chosen.ordinal()
                : exchange.fault.reason().ordinal();
    }

    private static int number(@Nullable Route route) {
        return route == null ? Meters.NO_ROUTE : route.number();
    }

    void settled(Exchange exchange) {
        count(exchange);
        if (log.isEmpty()) {
            return;
        }
        line(exchange);
        if (page.isFull()) {
            hand();
        }
    }

    private void line(Exchange exchange) {
        long now = System.nanoTime();
        HttpServerRequest request = exchange.request;
        long millis = System.currentTimeMillis();
        page.begin().time("time", second(millis), (int) (millis % 1000)).text("id", exchange.requestId);
        if (exchange.hasPassed()) {
            Inbound inbound = exchange.inbound();
            page.text("client", exchange.rules().client(inbound));
            page.text("method", request.method().name());
            Route route = exchange.route;
            String host = inbound.host().name();
            String path = inbound.path();
            page.text("host", route == null ? host : route.identifier().shownHost(host));
            page.text("path", route == null ? path : route.identifier().shownPath(path));
        } else {
            page.text("client", exchange.connection.peer());
        }
        page.text("protocol", protocol(request.version()));
        page.number("status", exchange.status);
        if (exchange.fault != null) {
            Reason reason = exchange.fault.reason();
            page.text("reason", reason.slug());
            page.text("side", reason.side().name().toLowerCase(java.util.Locale.ROOT));
        } else {
            page.text("reason", exchange.chosen.word);
        }
        Guard.Refused refusal = exchange.refusal();
        if (refusal != null) {
            page.text("policy", refusal.by().name());
        }
        if (exchange.route != null) {
            page.text("route", exchange.route.config().name());
            page.text("pool", exchange.route.config().pool());
        }
        if (exchange.destination != null) {
            page.text("instance", exchange.destination.instance().id());
        }
        if (exchange.binding != null) {
            page.hex("session", names.of(exchange.binding.key(), exchange.binding.alias()), SessionDigest.BYTES);
        }
        page.number("bytesIn", exchange.bytesIn).number("bytesOut", exchange.bytesOut);
        if (exchange.placedAt != 0) {
            page.millis("placedMs", exchange.placedAt - exchange.beganAt);
        }
        if (exchange.answeredAt != 0) {
            page.millis("answeredMs", exchange.answeredAt - exchange.beganAt);
        }
        page.millis("totalMs", now - exchange.beganAt);
        page.end();
    }

    private static String protocol(HttpVersion version) {
        return version == HttpVersion.HTTP_1_1 ? "1.1" : version == HttpVersion.HTTP_2 ? "2" : "1.0";
    }

    // The date is made once a second, not once a request.
    private String second(long millis) {
        if (millis / 1000 != second) {
            second = millis / 1000;
            String whole = Instant.ofEpochSecond(second).toString();
            secondText = whole.substring(0, whole.length() - 1);
        }
        return secondText;
    }

    void tick() {
        if (!page.isEmpty()) {
            hand();
        }
    }

    private void hand() {
        log.ifPresent(to -> {
            to.hand(page);
            page = to.page();
        });
    }

    void close() {
        tick();
    }
}

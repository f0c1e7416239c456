package dev.sandgate.proxy.request;

import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.log.AccessLog;
import dev.sandgate.proxy.log.Page;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;

/**
 * What is left of a request when it is over: its line in the access log. One of these a lane; its own loop only.
 */
public final class Settlement {

    private static final int SESSION_DIGITS = 8;

    private final Optional<AccessLog> log;
    private final byte[] salt;
    private final MessageDigest digest;
    private final byte[] hash = new byte[32];
    private Page page;
    private long second = -1;
    private String secondText = "";

    /**
     * A settlement that writes to this log.
     *
     * @param salt random, the same on all lanes: makes one session's lines findable, and its id not
     */
    public Settlement(Optional<AccessLog> log, byte[] salt) {
        this.log = log;
        this.salt = salt.clone();
        this.page = log.map(AccessLog::page).orElseGet(Page::new);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every JDK has SHA-256", missing);
        }
    }

    void settled(Exchange exchange) {
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
        if (exchange.route != null) {
            page.text("route", exchange.route.config().name());
            page.text("pool", exchange.route.config().pool());
        }
        if (exchange.destination != null) {
            page.text("instance", exchange.destination.instance().id());
        }
        if (exchange.binding != null) {
            session(exchange.binding.key().id());
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

    private void session(String id) {
        digest.update(salt);
        for (int at = 0; at < id.length(); at++) {
            digest.update((byte) id.charAt(at));
        }
        try {
            digest.digest(hash, 0, hash.length);
        } catch (DigestException impossible) {
            throw new IllegalStateException(impossible);
        }
        page.hex("session", hash, SESSION_DIGITS);
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

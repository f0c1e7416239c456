package dev.sandgate.proxy.request;

import dev.sandgate.conf.HstsConfig;
import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.HostName;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.InboundConnection;
import dev.sandgate.proxy.tls.ListenerTls;
import dev.sandgate.proxy.tls.ServedKeys;
import dev.sandgate.proxy.tls.ServerName;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.OptionalInt;

/** What one listener makes of https: who is in the wrong place, who is sent there, and what browsers are told of it. Any loop. */
final class Https {

    private static final int USUAL_PORT = 443;
    private static final String FIELD = "Strict-Transport-Security";

    private final Optional<ServedKeys> keys;
    private final OptionalInt port;
    private final String hsts;

    Https(ListenerConfig config, Optional<ListenerTls> tls) {
        this.keys = tls.map(ListenerTls::keys);
        this.port = config.httpsPort();
        this.hsts = config.hsts().map(Https::text).orElse("");
    }

    private static String text(HstsConfig config) {
        return "max-age=" + config.maxAge().toSeconds()
                + (config.subdomains() ? "; includeSubDomains" : "")
                + (config.preload() ? "; preload" : "");
    }

    /**
     * Looks whether a request is on a connection that was made for its host: a certificate speaks for no other tenant's
     * name. Proxies that are believed make connections of their own.
     *
     * @throws Fault {@link Reason#MISDIRECTED} (RFC 9110 section 15.5.20)
     */
    void check(Inbound inbound) {
        InboundConnection connection = inbound.connection();
        HostName host = inbound.host();
        if (keys.isEmpty() || inbound.trusted() || connection.isRight(host)) {
            return;
        }
        String asked = connection.session().map(ServerName::of).orElse("");
        boolean right = asked.isEmpty() ? keys.get().isUsual(host.name()) : asked.equals(host.name());
        if (!right) {
            throw Fault.of(Reason.MISDIRECTED);
        }
        connection.foundRight(host);
    }

    /** Sends a request in clear text to https; false: it may stay. */
    boolean redirect(Exchange exchange, Context context) {
        if (port.isEmpty()) {
            return false;
        }
        Inbound inbound = exchange.inbound();
        HttpMethod method = exchange.request.method();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        // old clients may turn a 301 into a GET, which loses nothing here
        exchange.status = reads ? 301 : 308;
        HttpServerResponse answer = exchange.request.response();
        answer.setStatusCode(exchange.status);
        answer.putHeader("Location", location(inbound));
        answer.putHeader("Content-Length", "0");
        answer.putHeader("X-Request-Id", exchange.requestId);
        Refusal.end(exchange, Buffer.buffer(), context);
        return true;
    }

    private String location(Inbound inbound) {
        int there = port.orElse(USUAL_PORT);
        String target = inbound.target().equals("*") ? "/" : inbound.target();
        return "https://" + inbound.host().name() + (there == USUAL_PORT ? "" : ":" + there) + target;
    }

    /** Sees to it that the answer, whoever makes it, tells browsers to come back by https only. */
    void tell(HttpServerResponse answer) {
        if (!hsts.isEmpty()) {
            answer.headersEndHandler(writing -> tell(answer.headers()));
        }
    }

    private void tell(MultiMap fields) {
        fields.set(FIELD, hsts);
    }
}

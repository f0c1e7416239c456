package dev.sandgate.proxy.inbound;

import dev.sandgate.conf.LimitsConfig;
import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The request gate: what may not be forwarded is refused here, before anything is acquired for it. Stricter than the
 * decoder below it, because what is ambiguous to one parser is a second request to another (RFC 9112 section 11.2).
 * Any loop; no state between requests.
 */
public final class RequestGate {

    private final LimitsConfig limits;
    private final String pseudonym;
    private final TrustedProxies proxies;
    private final boolean tls;

    /**
     * A gate for one listener.
     *
     * @param pseudonym this node's name in {@code Via}; a request that carries it went in a circle
     */
    public RequestGate(ListenerConfig listener, String pseudonym) {
        this.limits = listener.limits();
        this.pseudonym = pseudonym;
        this.proxies = new TrustedProxies(listener.trustedProxies());
        this.tls = listener.tls().isPresent();
    }

    /**
     * Checks a request's head.
     *
     * @throws Fault what is wrong; after one that is about framing the connection cannot be trusted further
     */
    public Inbound check(HttpServerRequest request) {
        if (!request.decoderResult().isSuccess()) {
            throw undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.version();
        if (version == null) {
            throw Fault.of(Reason.VERSION_UNSUPPORTED, "The HTTP version is not known (expected: 1.0, 1.1 or 2)");
        }
        checkMethod(request.method());
        String uri = request.uri();
        checkVisible(uri);
        Head head = new Head(version, pseudonym);
        long bytes = uri.length() + head.read(request.headers());
        if (bytes > limits.headBytes()) {
            throw Fault.of(Reason.HEAD_TOO_LARGE);
        }
        return checked(request, uri, head);
    }

    private Inbound checked(HttpServerRequest request, String uri, Head head) {
        InboundConnection connection = InboundConnection.of(request.connection());
        long bodyLength = bodyLength(head);
        HostName host = connection.host(head.hostOf(request));
        String target = uri;
        if (uri.charAt(0) != '/') {
            if (isAbsolute(uri) && head.version != HttpVersion.HTTP_2) {
                int slash = endOfAuthority(uri);
                host = connection.host(uri.substring(uri.indexOf("://") + 3, slash));
                target = slash == uri.length()
                        ? "/"
                        : uri.charAt(slash) == '?' ? "/" + uri.substring(slash) : uri.substring(slash);
            } else if (!uri.equals("*") || !request.method().equals(HttpMethod.OPTIONS)) {
                throw Fault.of(
                        Reason.REQUEST_MALFORMED,
                        "The request target is malformed (expected: a path that starts with /)");
            }
        }
        String path = target.equals("*") ? "/" : PathForm.of(target);
        if (head.closes) {
            connection.closeAfterThis();
        }
        boolean trusted = connection.isTrusted(proxies);
        boolean secure = trusted ? head.isForwardedHttps(tls) : tls;
        return new Inbound(
                request,
                connection,
                host,
                target,
                path,
                bodyLength,
                head.expectsContinue,
                head.maxForwards,
                head.nominated,
                "",
                null,
                trusted,
                secure,
                bodyLength == 0 && head.isWebSocket(request));
    }

    private static long bodyLength(Head head) {
        if (head.chunked) {
            if (head.contentLength >= 0) {
                throw Fault.of(Reason.REQUEST_MALFORMED, "A request has both Content-Length and Transfer-Encoding");
            }
            return Inbound.UNKNOWN;
        }
        if (head.contentLength >= 0) {
            return head.contentLength;
        }
        return head.version == HttpVersion.HTTP_2 ? Inbound.UNKNOWN : 0;
    }

    private static boolean isAbsolute(String uri) {
        return uri.regionMatches(true, 0, "http://", 0, 7) || uri.regionMatches(true, 0, "https://", 0, 8);
    }

    private static int endOfAuthority(String uri) {
        int from = uri.indexOf("://") + 3;
        int at = from;
        while (at < uri.length() && uri.charAt(at) != '/' && uri.charAt(at) != '?') {
            at++;
        }
        return at;
    }

    private static void checkMethod(HttpMethod method) {
        String name = method.name();
        if (name.length() > 32 || !Syntax.isToken(name)) {
            throw Fault.of(Reason.REQUEST_MALFORMED, "The method is not a token of at most 32 characters");
        }
        // CONNECT would make us a tunnel to anywhere, TRACE would echo what the client must not see
        if (method.equals(HttpMethod.CONNECT) || method.equals(HttpMethod.TRACE) || name.equals("PRI")) {
            throw Fault.of(Reason.METHOD_REFUSED);
        }
    }

    private static void checkVisible(String uri) {
        for (int at = 0; at < uri.length(); at++) {
            char c = uri.charAt(at);
            if (c <= 0x20 || c >= 0x7F || c == '#') {
                throw Fault.of(
                        Reason.REQUEST_MALFORMED,
                        "The request target is malformed (expected: visible ASCII without #)");
            }
        }
        if (uri.isEmpty()) {
            throw Fault.of(Reason.REQUEST_MALFORMED, "The request target is empty");
        }
    }

    private static Fault undecodable(Throwable cause) {
        return switch (cause.getClass().getSimpleName()) {
            case "TooLongHttpLineException" -> Fault.of(Reason.TARGET_TOO_LONG);
            case "TooLongHttpHeaderException" -> Fault.of(Reason.HEAD_TOO_LARGE);
            default -> Fault.of(Reason.REQUEST_MALFORMED);
        };
    }

    /** One pass over the fields. */
    private static final class Head {
        final HttpVersion version;
        private final String pseudonym;
        long contentLength = -1;
        boolean chunked;
        boolean expectsContinue;
        boolean closes;
        long maxForwards = -1;
        List<String> nominated = List.of();
        private CharSequence host = "";
        private CharSequence forwardedProto = "";
        private boolean upgrades;
        private boolean upgradesToWebSocket;
        private long seen;

        Head(HttpVersion version, String pseudonym) {
            this.version = version;
            this.pseudonym = pseudonym;
        }

        long read(MultiMap fields) {
            long bytes = 0;
            var entries = Fields.entries(fields);
            while (entries.hasNext()) {
                Map.Entry<? extends CharSequence, ? extends CharSequence> entry = entries.next();
                CharSequence name = entry.getKey();
                CharSequence value = entry.getValue();
                Field field = Field.of(name);
                // what we read ourselves is ASCII; what we only pass on may be in any encoding
                boolean valid = field == Field.OTHER ? Syntax.isOpaqueValue(value) : Syntax.isValue(value);
                if (!valid || !Syntax.isToken(name)) {
                    throw Fault.of(
                            Reason.REQUEST_MALFORMED,
                            "A field is malformed (expected: a token, a colon, and a value without controls)");
                }
                bytes += name.length() + value.length() + 4;
                note(field, value);
            }
            return bytes;
        }

        private void note(Field field, CharSequence value) {
            if (field == Field.OTHER) {
                return;
            }
            if (field.once() && (seen & field.bit()) != 0) {
                throw Fault.of(
                        Reason.REQUEST_MALFORMED, "The field " + field.lower() + " stands twice (expected: once)");
            }
            seen |= field.bit();
            switch (field) {
                case HOST -> host = value;
                case CONTENT_LENGTH -> contentLength = Syntax.length(value);
                case TRANSFER_ENCODING -> transferEncoding(value);
                case EXPECT -> expect(value);
                case MAX_FORWARDS -> maxForwards = Syntax.length(value);
                case VIA -> via(value);
                case CONNECTION -> nominate(value);
                case UPGRADE -> {
                    refuseInHttp2(field);
                    upgradesToWebSocket = Syntax.equalsIgnoreCase("websocket", value);
                }
                case X_FORWARDED_PROTO -> forwardedProto = value;
                case KEEP_ALIVE, PROXY_CONNECTION -> refuseInHttp2(field);
                case TE -> {
                    if (version == HttpVersion.HTTP_2 && !Syntax.equalsIgnoreCase("trailers", value)) {
                        refuseInHttp2(field);
                    }
                }
                default -> {}
            }
        }

        private void transferEncoding(CharSequence value) {
            refuseInHttp2(Field.TRANSFER_ENCODING);
            if (version == HttpVersion.HTTP_1_0 || !Syntax.equalsIgnoreCase("chunked", value)) {
                throw Fault.of(
                        Reason.REQUEST_MALFORMED,
                        "Transfer-Encoding is not understood (expected: chunked, in HTTP/1.1)");
            }
            chunked = true;
        }

        private void expect(CharSequence value) {
            if (!Syntax.equalsIgnoreCase("100-continue", value)) {
                throw Fault.of(Reason.EXPECTATION_FAILED);
            }
            expectsContinue = version != HttpVersion.HTTP_1_0;
        }

        private void nominate(CharSequence value) {
            refuseInHttp2(Field.CONNECTION);
            for (String part : value.toString().split(",", -1)) {
                String name = part.trim().toLowerCase(Locale.ROOT);
                // what frames or addresses the message is not the connection's to take away
                Field field = Field.of(name);
                boolean vital = field == Field.HOST || field == Field.CONTENT_LENGTH;
                closes |= name.equals("close");
                upgrades |= name.equals("upgrade");
                if (!name.isEmpty() && !name.equals("close") && !field.hop() && !vital) {
                    nominated = nominated.isEmpty() ? new ArrayList<>() : nominated;
                    nominated.add(name);
                }
            }
        }

        private void via(CharSequence value) {
            if (value.toString().contains(pseudonym)) {
                throw Fault.of(Reason.LOOP_DETECTED);
            }
        }

        private void refuseInHttp2(Field field) {
            if (version == HttpVersion.HTTP_2) {
                throw Fault.of(Reason.REQUEST_MALFORMED, "The field " + field.lower() + " has no place in HTTP/2");
            }
        }

        boolean isForwardedHttps(boolean tls) {
            return forwardedProto.length() == 0 ? tls : Syntax.equalsIgnoreCase("https", forwardedProto);
        }

        // RFC 6455 section 4.2.1; what is less than that goes on without its Upgrade, as any other request
        boolean isWebSocket(HttpServerRequest request) {
            if (!upgrades || !upgradesToWebSocket || version != HttpVersion.HTTP_1_1) {
                return false;
            }
            String key = request.headers().get("sec-websocket-key");
            return request.method().equals(HttpMethod.GET)
                    && key != null
                    && key.length() == 24
                    && "13".equals(request.headers().get("sec-websocket-version"));
        }

        String hostOf(HttpServerRequest request) {
            if (version != HttpVersion.HTTP_2) {
                return host.toString();
            }
            String scheme = request.scheme();
            HostAndPort authority = request.authority();
            if (authority == null || !("http".equals(scheme) || "https".equals(scheme))) {
                throw Fault.of(Reason.HOST_INVALID);
            }
            return authority.port() > 0 ? authority.host() + ":" + authority.port() : authority.host();
        }
    }
}

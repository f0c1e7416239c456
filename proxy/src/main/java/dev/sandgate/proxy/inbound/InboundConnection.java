package dev.sandgate.proxy.inbound;

import dev.sandgate.conf.LimitsConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, from accept to close: closes it when its next whole head does not come in time, and
 * remembers what every request on it has in common. First in the pipeline, so that a TLS handshake counts too. All on
 * the connection's event loop.
 */
public final class InboundConnection extends ChannelInboundHandlerAdapter {

    private static final AttributeKey<InboundConnection> KEY = AttributeKey.valueOf("sandgate.inbound");

    private final LimitsConfig limits;
    private long waitingSince = System.nanoTime();
    private long patienceNanos;
    private int underWay;
    private @Nullable Boolean trusted;
    private boolean begun;
    private boolean asked;
    private boolean closing;
    private volatile boolean dismissed;
    private volatile @Nullable Channel socket;
    private @Nullable ScheduledFuture<?> check;
    private String peer = "";
    private HostName lastHost = HostName.NONE;
    private @Nullable Object hostFields;
    private @Nullable HostName rightHost;

    InboundConnection(LimitsConfig limits) {
        this.limits = limits;
        this.patienceNanos = limits.headTimeout().toNanos();
    }

    /** The connection that a request came on. */
    public static InboundConnection of(HttpConnection connection) {
        return ((ConnectionBase) connection).channel().attr(KEY).get();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        channel.attr(KEY).set(this);
        peer = NetUtil.toAddressString(((InetSocketAddress) channel.remoteAddress()).getAddress());
        schedule(context, patienceNanos);
        socket = channel;
        context.fireChannelActive();
        if (dismissed) {
            closeUnlessAsked(channel);
        }
    }

    /** The node is closing: nobody waits for a client that has not asked for anything so far. Any thread. */
    void dismiss() {
        dismissed = true;
        Channel channel = socket;
        if (channel != null) {
            channel.eventLoop().execute(() -> closeUnlessAsked(channel));
        }
    }

    private void closeUnlessAsked(Channel channel) {
        if (!asked) {
            var unused = channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (check != null) {
            check.cancel(false);
            check = null;
        }
        context.fireChannelInactive();
        Unread.release(context.channel());
    }

    /** A socket that fails is a client that left; Vert.x trips over it where a pipelined request waits for its turn. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            var unused = context.close();
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!begun) {
            begun = true;
            String before = context.pipeline().get("ssl") == null ? context.name() : "ssl";
            context.pipeline().addAfter(before, null, new FirstBytes());
        }
        context.fireChannelRead(message);
    }

    /** A whole head came in: the connection is not idle until its answer is out. */
    public void requestBegan() {
        asked = true;
        underWay++;
    }

    /** An answer is out, or the request is over without one. Once per {@link #requestBegan}. */
    public void requestEnded() {
        if (--underWay == 0) {
            waitingSince = System.nanoTime();
            patienceNanos = limits.keepAlive().toNanos();
        }
    }

    /** The request that was read last is the last that is served here. */
    public void closeAfterThis() {
        closing = true;
    }

    /** Whether what follows on this connection is not served. */
    public boolean isClosing() {
        return closing;
    }

    // One timer a connection, moved only when it fires: a request costs no timer. It never sleeps through a whole
    // keep-alive time, since that may begin at any moment.
    private void schedule(ChannelHandlerContext context, long inNanos) {
        long atMost = Math.min(inNanos, limits.keepAlive().toNanos());
        check = context.executor().schedule(() -> lookAtTheClock(context), atMost, TimeUnit.NANOSECONDS);
    }

    private void lookAtTheClock(ChannelHandlerContext context) {
        if (underWay > 0) {
            schedule(context, Long.MAX_VALUE);
            return;
        }
        long left = patienceNanos - (System.nanoTime() - waitingSince);
        if (left > 0) {
            schedule(context, left);
        } else {
            var unused = context.close();
        }
    }

    /** The peer's address as RFC 5952 writes it, without brackets or zone; as in {@code X-Forwarded-For}. */
    public String peer() {
        return peer;
    }

    /** Whether the peer is a proxy that is believed; looked up once. */
    boolean isTrusted(TrustedProxies proxies) {
        Boolean known = trusted;
        if (known == null) {
            known = proxies.contains(peer);
            trusted = known;
        }
        return known;
    }

    /** The host of this text, remembered: a connection mostly asks for one. */
    HostName host(String text) {
        if (!lastHost.text().equals(text)) {
            lastHost = HostName.parse(text);
            hostFields = null;
        }
        return lastHost;
    }

    /** What was made for {@link #host} before, by whoever makes it; null where the host changed since. */
    public @Nullable Object hostFields() {
        return hostFields;
    }

    public void rememberHostFields(Object fields) {
        this.hostFields = fields;
    }

    /** The client's certificate and those that vouch for it, leaf first; empty: it showed none. */
    public List<X509Certificate> certificates() {
        try {
            Certificate[] shown = session().isPresent() ? session().get().getPeerCertificates() : new Certificate[0];
            return Arrays.stream(shown).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    /** Its TLS session; empty: it is in clear text. */
    public Optional<SSLSession> session() {
        Channel channel = socket;
        SslHandler tls = channel == null ? null : channel.pipeline().get(SslHandler.class);
        return tls == null ? Optional.empty() : Optional.of(tls.engine().getSession());
    }

    /** Whether requests for this host were found to be in the right place here. */
    public boolean isRight(HostName host) {
        return host.equals(rightHost);
    }

    /** Requests for this host, the one that was asked for last, are in the right place here. */
    public void foundRight(HostName host) {
        rightHost = host;
    }
}

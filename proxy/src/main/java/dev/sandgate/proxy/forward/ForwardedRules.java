package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.inbound.Field;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.TrustedProxies;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a request came from, told to the instance: {@code X-Forwarded-*} and {@code Forwarded} (RFC 7239). What the client
 * says of itself is believed only where the peer is a configured proxy; otherwise it is replaced. Any loop.
 */
public final class ForwardedRules {

    /** What is the same for every request of one connection to one host. */
    private record Sender(String forwardedFor, String proto, String host, String forwarded) {}

    private static final IPAddressGenerator ADDRESSES = new IPAddressGenerator();

    private final TrustedProxies trusted;
    private final String scheme;

    /**
     * Rules for one listener.
     *
     * @param scheme that clients of this listener use, {@code http} or {@code https}
     */
    public ForwardedRules(TrustedProxies trusted, String scheme) {
        this.trusted = trusted;
        this.scheme = scheme;
    }

    /**
     * The address of the client itself: the peer, or what the nearest proxies that we trust say, from right to left. The
     * last of them that names its own peer well is believed.
     */
    public String client(Inbound inbound) {
        String client = inbound.connection().peer();
        if (!inbound.trusted()) {
            return client;
        }
        List<String> lines = inbound.request().headers().getAll(Field.X_FORWARDED_FOR.lower());
        String[] hops = String.join(",", lines).split(",", -1);
        for (int at = hops.length - 1; at >= 0; at--) {
            byte[] hop = NetUtil.createByteArrayFromIpAddressString(withoutPort(hops[at].trim()));
            if (hop == null) {
                return client;
            }
            IPAddress address = ADDRESSES.from(hop);
            client = address.toCanonicalString();
            if (!trusted.contains(address)) {
                return client;
            }
        }
        return client;
    }

    // some proxies write the port beside the address: 1.2.3.4:5678, [2001:db8::1]:5678
    private static String withoutPort(String hop) {
        int colon = hop.lastIndexOf(':');
        boolean port = colon > 0 && (hop.charAt(colon - 1) == ']' || hop.indexOf(':') == colon);
        return port ? hop.substring(0, colon) : hop;
    }

    /** Adds the fields to what goes to the instance. */
    void apply(Inbound inbound, MultiMap out) {
        Sender sender = sender(inbound);
        if (inbound.trusted()) {
            applyTrusted(inbound, sender, out);
            return;
        }
        out.add(Field.X_FORWARDED_FOR.lower(), sender.forwardedFor);
        out.add(Field.X_FORWARDED_PROTO.lower(), sender.proto);
        out.add(Field.X_FORWARDED_HOST.lower(), sender.host);
        out.add(Field.FORWARDED.lower(), sender.forwarded);
    }

    private static void applyTrusted(Inbound inbound, Sender sender, MultiMap out) {
        MultiMap in = inbound.request().headers();
        append(in, out, Field.X_FORWARDED_FOR, sender.forwardedFor);
        append(in, out, Field.FORWARDED, sender.forwarded);
        String proto = in.get(Field.X_FORWARDED_PROTO.lower());
        boolean valid = "http".equals(proto) || "https".equals(proto);
        out.add(Field.X_FORWARDED_PROTO.lower(), valid ? proto : sender.proto);
        String host = in.get(Field.X_FORWARDED_HOST.lower());
        out.add(Field.X_FORWARDED_HOST.lower(), host == null ? sender.host : host);
        copy(in, out, Field.X_FORWARDED_PORT);
        copy(in, out, Field.X_FORWARDED_PREFIX);
        copy(in, out, Field.X_REAL_IP);
        copy(in, out, Field.X_FORWARDED_CLIENT_CERT);
    }

    private static void append(MultiMap in, MultiMap out, Field field, String ours) {
        String before = String.join(", ", in.getAll(field.lower()));
        out.add(field.lower(), before.isEmpty() ? ours : before + ", " + ours);
    }

    private static void copy(MultiMap in, MultiMap out, Field field) {
        String value = in.get(field.lower());
        if (value != null) {
            out.add(field.lower(), value);
        }
    }

    private Sender sender(Inbound inbound) {
        @Nullable Object remembered = inbound.connection().hostFields();
        if (remembered instanceof Sender sender
                && sender.host.equals(inbound.host().text())) {
            return sender;
        }
        String peer = inbound.connection().peer();
        String node = peer.indexOf(':') < 0 ? peer : "\"[" + peer + "]\"";
        String host = inbound.host().text();
        String forwarded = "for=" + node + ";host=\"" + host + "\";proto=" + scheme;
        Sender sender = new Sender(peer, scheme, host, forwarded);
        inbound.connection().rememberHostFields(sender);
        return sender;
    }
}

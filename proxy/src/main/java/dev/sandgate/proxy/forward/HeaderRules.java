package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Field;
import dev.sandgate.proxy.inbound.Fields;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.Syntax;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which fields go on, in both directions (RFC 9110 section 7.6). Heads are rebuilt field by field, in the sender's
 * order: nothing between neighbours, nothing that {@code Connection} names, nothing with an underscore (which some
 * servers read as a dash), our own fields made anew. Any loop.
 */
public final class HeaderRules {

    private static final AsciiString CONTENT_LENGTH = Field.CONTENT_LENGTH.lower();

    private final ForwardedRules forwarded;
    private final String via10;
    private final String via11;
    private final String via20;

    /**
     * Rules for one listener.
     *
     * @param pseudonym this node's name in {@code Via}
     */
    public HeaderRules(ForwardedRules forwarded, String pseudonym) {
        this.forwarded = forwarded;
        this.via10 = "1.0 " + pseudonym;
        this.via11 = "1.1 " + pseudonym;
        this.via20 = "2.0 " + pseudonym;
    }

    /** The address of the client itself, see {@link ForwardedRules#client}. */
    public String client(Inbound inbound) {
        return forwarded.client(inbound);
    }

    /** Copies a request's fields to what goes to the instance. */
    void request(Inbound inbound, Destination to, String requestId, MultiMap out) {
        out.add(
                Field.HOST.lower(),
                to.shape().preservesHost() ? inbound.host().text() : to.shape().authority());
        var entries = Fields.entries(inbound.request().headers());
        while (entries.hasNext()) {
            Map.Entry<? extends CharSequence, ? extends CharSequence> entry = entries.next();
            CharSequence name = entry.getKey();
            Field field = Field.of(name);
            if (field == Field.CONTENT_LENGTH) {
                // as it was understood: "007" means different things to different readers
                out.add(CONTENT_LENGTH, Long.toString(inbound.bodyLength()));
            } else if (field == Field.OTHER || (!field.hop() && !field.ours())) {
                if (goesOn(name, inbound.nominated())) {
                    out.add(name, Fields.writable(entry.getValue()));
                }
            } else if (field == Field.VIA) {
                out.add(name, entry.getValue());
            }
        }
        out.add(Field.VIA.lower(), via(inbound.request().version()));
        out.add(Field.X_REQUEST_ID.lower(), requestId);
        if (inbound.maxForwards() > 0) {
            out.add(Field.MAX_FORWARDS.lower(), Long.toString(inbound.maxForwards() - 1));
        }
        if (inbound.websocket()) {
            out.add(Field.CONNECTION.lower(), "Upgrade");
            out.add(Field.UPGRADE.lower(), "websocket");
        }
        forwarded.apply(inbound, out);
    }

    private String via(HttpVersion version) {
        return version == HttpVersion.HTTP_1_1 ? via11 : version == HttpVersion.HTTP_2 ? via20 : via10;
    }

    private static boolean goesOn(CharSequence name, List<String> nominated) {
        for (int at = 0; at < name.length(); at++) {
            if (name.charAt(at) == '_') {
                return false;
            }
        }
        for (int at = 0; at < nominated.size(); at++) {
            if (Syntax.equalsIgnoreCase(nominated.get(at), name)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Copies an answer's fields to what goes to the client.
     *
     * @throws Fault {@link Reason#INSTANCE_BROKEN} where a field is malformed
     */
    void answer(AnswerHead head, String requestId, MultiMap out) {
        var entries = Fields.entries(head.fields());
        while (entries.hasNext()) {
            Map.Entry<? extends CharSequence, ? extends CharSequence> entry = entries.next();
            CharSequence name = entry.getKey();
            Field field = Field.of(name);
            boolean ours = field.ours() && field != Field.VIA;
            if (!field.hop() && !ours && field != Field.CONTENT_LENGTH && !isNominated(name, head.nominated())) {
                out.add(name, Fields.writable(entry.getValue()));
            }
        }
        if (head.length() >= 0) {
            out.add(CONTENT_LENGTH, Long.toString(head.length()));
        }
        out.add(Field.VIA.lower(), via11);
        out.add(Field.X_REQUEST_ID.lower(), requestId);
    }

    /** Copies an answer's trailers, without what may only stand in a head (RFC 9110 section 6.5.1). */
    void trailers(MultiMap from, MultiMap out) {
        var entries = Fields.entries(from);
        while (entries.hasNext()) {
            Map.Entry<? extends CharSequence, ? extends CharSequence> entry = entries.next();
            boolean wellFormed = Syntax.isToken(entry.getKey()) && Syntax.isAnswerValue(entry.getValue());
            if (wellFormed && Field.of(entry.getKey()) == Field.OTHER) {
                out.add(entry.getKey(), Fields.writable(entry.getValue()));
            }
        }
    }

    private static boolean isNominated(CharSequence name, List<String> nominated) {
        for (int at = 0; at < nominated.size(); at++) {
            if (Syntax.equalsIgnoreCase(nominated.get(at), name)) {
                return true;
            }
        }
        return false;
    }

    /** The lower-case names that a {@code Connection} value lists, after those of the lines before it. */
    static List<String> nominated(CharSequence connection, List<String> before) {
        List<String> names = new ArrayList<>(before);
        for (String part : connection.toString().split(",", -1)) {
            String name = part.trim().toLowerCase(Locale.ROOT);
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return names;
    }
}

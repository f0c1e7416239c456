package dev.sandgate.proxy.kit;

import java.util.List;
import java.util.Locale;

/**
 * Where a body ends.
 *
 * @param length bytes, where {@code kind} is {@code LENGTH}
 */
record Framing(Kind kind, long length) {

    enum Kind {
        NONE,
        LENGTH,
        CHUNKED,
        TO_END
    }

    private static final Framing EMPTY = new Framing(Kind.NONE, 0);

    /** A request's framing (RFC 9112, 6.3), strictly: two ways to say it are none. */
    static Framing ofRequest(Fields fields) throws Malformed {
        return declared(fields, EMPTY);
    }

    /** The framing of an answer to a request of this method. */
    static Framing ofAnswer(String method, int status, Fields fields) throws Malformed {
        boolean bodiless = method.equals("HEAD") || status < 200 || status == 204 || status == 304;
        if ((status < 200 || status == 204) && fields.has("Transfer-Encoding")) {
            throw new Malformed("Transfer-Encoding on a " + status);
        }
        Framing declared = declared(fields, new Framing(Kind.TO_END, 0));
        return bodiless ? EMPTY : declared;
    }

    private static Framing declared(Fields fields, Framing otherwise) throws Malformed {
        List<String> codings = fields.all("Transfer-Encoding");
        List<String> lengths = fields.all("Content-Length");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty()) {
                throw new Malformed("Transfer-Encoding and Content-Length");
            }
            if (codings.size() > 1 || !codings.get(0).toLowerCase(Locale.ROOT).equals("chunked")) {
                throw new Malformed("Transfer-Encoding: " + codings);
            }
            return new Framing(Kind.CHUNKED, 0);
        }
        if (lengths.isEmpty()) {
            return otherwise;
        }
        if (lengths.size() > 1 || !lengths.get(0).matches("0|[1-9][0-9]{0,17}")) {
            throw new Malformed("Content-Length: " + lengths);
        }
        return new Framing(Kind.LENGTH, Long.parseLong(lengths.get(0)));
    }
}

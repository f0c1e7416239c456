package dev.sandgate.proxy.inbound;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** Reads a head's fields in their order, without making a String of each where the decoder made none; and writes them. */
public final class Fields {

    private Fields() {}

    /** Name and value of each line. The entries are good until the next one is asked for. */
    public static Iterator<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> entries(
            MultiMap fields) {
        return fields instanceof HttpHeaders headers ? headers.iteratorCharSequence() : fields.iterator();
    }

    /** This value such that every byte of it is written: Vert.x writes a String as ASCII, and others as question marks. */
    public static CharSequence writable(CharSequence value) {
        for (int at = 0; at < value.length(); at++) {
            if (value.charAt(at) > 0x7F) {
                return new AsciiString(value, StandardCharsets.ISO_8859_1);
            }
        }
        return value;
    }
}

package dev.sandgate.proxy.inbound;

import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.MultiMap;
import java.util.Iterator;
import java.util.Map;

/** Reads a head's fields in their order, without making a String of each where the decoder made none. */
public final class Fields {

    private Fields() {}

    /** Name and value of each line. The entries are good until the next one is asked for. */
    public static Iterator<? extends Map.Entry<? extends CharSequence, ? extends CharSequence>> entries(
            MultiMap fields) {
        return fields instanceof HttpHeaders headers ? headers.iteratorCharSequence() : fields.iterator();
    }
}

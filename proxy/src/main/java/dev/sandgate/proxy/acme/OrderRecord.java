package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf.Item;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * How the orders for one name stand, as all nodes see it.
 *
 * @param holder who orders now; empty: nobody
 * @param failures in a row
 * @param retryAt nobody orders before, by the wall clock
 */
record OrderRecord(Optional<String> holder, int failures, Instant retryAt) {

    /** Where nothing is known. */
    static final OrderRecord NONE = new OrderRecord(Optional.empty(), 0, Instant.EPOCH);

    /** What cannot be read says nothing. */
    static OrderRecord read(Item item) {
        try {
            JsonObject told = item.value().toJsonObject();
            return new OrderRecord(
                    Optional.ofNullable(told.getString("holder")),
                    told.getInteger("failures"),
                    Instant.ofEpochMilli(told.getLong("retryAt")));
        } catch (RuntimeException unreadable) {
            return NONE;
        }
    }

    Buffer written() {
        JsonObject told = new JsonObject().put("failures", failures).put("retryAt", retryAt.toEpochMilli());
        holder.ifPresent(who -> told.put("holder", who));
        return told.toBuffer();
    }

    OrderRecord heldBy(String who) {
        return new OrderRecord(Optional.of(who), failures, retryAt);
    }

    OrderRecord failed(Instant until) {
        return new OrderRecord(Optional.empty(), failures + 1, until);
    }

    OrderRecord released() {
        return new OrderRecord(Optional.empty(), failures, retryAt);
    }
}

package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import io.vertx.core.Future;
import java.util.Map;

/** What stands on a shelf, read again only after something changed there. Any thread. */
final class ShelfCopy {

    private record Read(long revision, Map<String, Item> items) {}

    private final Shelf shelf;
    private volatile Read last = new Read(-1, Map.of());

    ShelfCopy(Shelf shelf) {
        this.shelf = shelf;
    }

    Shelf shelf() {
        return shelf;
    }

    /** All that stands there now. */
    Future<Map<String, Item>> fresh() {
        return shelf.revision().compose(now -> {
            Read known = last;
            if (known.revision() == now) {
                return Future.succeededFuture(known.items());
            }
            // what changes in between goes with a later revision: it is read once more then
            return shelf.all().map(items -> {
                last = new Read(now, items);
                return items;
            });
        });
    }
}

package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import dev.sandgate.proxy.inbound.Inbound;
import java.util.Optional;

/** A path segment; the client makes the id. */
final class PathSource implements SessionSource {

    private final String before;

    PathSource(String before) {
        this.before = before;
    }

    @Override
    public Source kind() {
        return Source.PATH;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        String path = inbound.path();
        if (!path.startsWith(before) || path.length() == before.length()) {
            return Optional.empty();
        }
        int slash = path.indexOf('/', before.length());
        String id = path.substring(before.length(), slash < 0 ? path.length() : slash);
        return Optional.of(SessionIds.checked(id));
    }

    @Override
    public String shownPath(String path) {
        if (!path.startsWith(before) || path.length() == before.length()) {
            return path;
        }
        int slash = path.indexOf('/', before.length());
        return before + "{session}" + (slash < 0 ? "" : path.substring(slash));
    }

    @Override
    public Unknown unknown() {
        return Unknown.OPENS;
    }
}

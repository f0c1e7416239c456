package dev.sandgate.proxy.tls;

import dev.sandgate.conf.TlsConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listener's own files: the usual certificate, further ones, a folder. Blocking; one thread at a time. */
final class ListenerKeys {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerKeys.class);

    private final Optional<WatchedKeys> usual;
    private final List<WatchedKeys> further;
    private final Optional<Path> folder;
    private final Map<Path, WatchedKeys> inFolder = new TreeMap<>();
    private Set<Path> missed = Set.of();
    private boolean folderGone;

    ListenerKeys(TlsConfig config) {
        this.usual = config.usual().map(KeyPlace::of).map(WatchedKeys::new);
        this.further = config.further().stream()
                .map(KeyPlace::of)
                .map(WatchedKeys::new)
                .toList();
        this.folder = config.folder();
    }

    /**
     * Reads all of them.
     *
     * @throws FlawedKey where one that the config names cannot be used; one in the folder is told in the log
     */
    void begin() throws FlawedKey {
        if (usual.isPresent()) {
            usual.get().read();
        }
        for (WatchedKeys each : further) {
            each.read();
        }
        if (folder.isPresent()) {
            listing(folder.get()).forEach((path, place) -> {
                WatchedKeys found = new WatchedKeys(place);
                found.begin();
                inFolder.put(path, found);
            });
        }
    }

    /** Reads what changed; whether there is something else now. */
    boolean look() {
        boolean changed = false;
        for (WatchedKeys each : named()) {
            changed |= each.look();
        }
        if (folder.isPresent()) {
            changed |= lookInto(folder.get());
        }
        return changed;
    }

    private List<WatchedKeys> named() {
        List<WatchedKeys> named = new ArrayList<>(further);
        usual.ifPresent(named::add);
        return named;
    }

    private boolean lookInto(Path path) {
        Map<Path, KeyPlace> listed = listing(path);
        if (folderGone) {
            return false;
        }
        listed.forEach((file, place) -> inFolder.computeIfAbsent(file, found -> new WatchedKeys(place)));
        boolean changed = forgetGone(listed.keySet());
        for (WatchedKeys each : inFolder.values()) {
            changed |= each.look();
        }
        return changed;
    }

    // A file that is missed once may be on its way back, under the same name.
    private boolean forgetGone(Set<Path> listed) {
        Set<Path> gone = new TreeSet<>(inFolder.keySet());
        gone.removeAll(listed);
        boolean forgot = false;
        for (Path file : gone) {
            if (missed.contains(file)) {
                inFolder.remove(file);
                forgot = true;
                LOG.info("the certificate in {} is gone, and served no more", file);
            }
        }
        missed = gone;
        return forgot;
    }

    private Map<Path, KeyPlace> listing(Path path) {
        try {
            Map<Path, KeyPlace> listed = KeyPlace.in(path);
            folderGone = false;
            return listed;
        } catch (IOException unreadable) {
            if (!folderGone) {
                LOG.warn("the folder {} cannot be read, what it had before is served on", path);
            }
            folderGone = true;
            return new HashMap<>();
        }
    }

    List<CertifiedKey> usual() {
        return usual.map(WatchedKeys::keys).orElse(List.of());
    }

    /** In the order in which they stand before each other where they are for the same names. */
    List<List<CertifiedKey>> groups() {
        List<List<CertifiedKey>> groups = new ArrayList<>();
        further.forEach(each -> groups.add(each.keys()));
        List<CertifiedKey> found = new ArrayList<>();
        inFolder.values().forEach(each -> found.addAll(each.keys()));
        groups.add(List.copyOf(found));
        return groups;
    }
}

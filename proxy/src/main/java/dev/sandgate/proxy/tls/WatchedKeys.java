package dev.sandgate.proxy.tls;

import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read from one place, and whether it must be read again: once it changed, and then stood still from one look to
 * the next, so that no half of what is being written is taken for the whole. Blocking; one thread at a time.
 */
final class WatchedKeys {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedKeys.class);

    private final KeyPlace place;
    private List<Object> taken = List.of();
    private List<Object> seen = List.of();
    private List<CertifiedKey> keys = List.of();

    WatchedKeys(KeyPlace place) {
        this.place = place;
    }

    /** What it had when it was whole last; none, where it never was. */
    List<CertifiedKey> keys() {
        return keys;
    }

    /** Reads it, whatever it had before. */
    void read() throws FlawedKey {
        taken = place.stamp();
        keys = place.contents().read();
        for (CertifiedKey key : keys) {
            Instant now = Instant.now();
            if (key.until().isBefore(now)) {
                LOG.warn("the certificate in {} is served, but was good until {} only", place, key.until());
            } else if (key.leaf().getNotBefore().toInstant().isAfter(now)) {
                LOG.warn(
                        "the certificate in {} is served, but is not good before {}",
                        place,
                        key.leaf().getNotBefore().toInstant());
            }
        }
    }

    /** Reads it for the first time; what is wrong with it is told in the log. */
    void begin() {
        try {
            read();
        } catch (FlawedKey flawed) {
            LOG.warn("no certificate from {}: {}", place, flawed.getMessage());
        }
    }

    /** Reads it where it changed; whether there is something else now. Each change that is not taken is told once. */
    boolean look() {
        List<Object> now = place.stamp();
        if (now.equals(taken)) {
            return false;
        }
        if (!now.equals(seen)) {
            seen = now;
            return false;
        }
        try {
            read();
            LOG.info(
                    "the certificate in {} was read again: good until {}",
                    place,
                    keys.get(0).until());
            return true;
        } catch (FlawedKey flawed) {
            String kept = keys.isEmpty() ? "none is served from there" : "the one before is served on";
            LOG.warn("the certificate in {} cannot be taken, {}: {}", place, kept, flawed.getMessage());
            return false;
        }
    }
}

package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Jwt;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is told of an issuer's keys in the log: that they cannot be read, at most once a minute, and which are not used. */
final class KeyWarnings {

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final String where;
    private final LongSupplier nanos;
    private boolean told;
    private long lastTold;

    KeyWarnings(Jwt config, LongSupplier nanos) {
        this.where = shown(config.keys());
        this.nanos = nanos;
    }

    // a url may hold a password before its host, or a token in its query
    private static String shown(URI keys) {
        String host = keys.getHost() == null ? "" : "//" + keys.getHost();
        String port = keys.getPort() < 0 ? "" : ":" + keys.getPort();
        return keys.getScheme() + ":" + host + port + keys.getPath();
    }

    /** They could not be read. */
    synchronized void away(String problem) {
        long now = nanos.getAsLong();
        if (!told || now - lastTold >= MINUTE) {
            told = true;
            lastTold = now;
            LOG.warn("the keys at {} cannot be read, those known before stay in use: {}", where, problem);
        }
    }

    /** What a set that was read has in it and is left out. */
    void ignored(List<String> keys) {
        keys.stream().distinct().forEach(which -> LOG.warn("of the keys at {} {}: it is not used", where, which));
    }
}

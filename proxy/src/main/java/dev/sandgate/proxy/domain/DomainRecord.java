package dev.sandgate.proxy.domain;

import dev.sandgate.affinity.Source;
import dev.sandgate.proxy.identify.SharedSession;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What stands on the shelf under a domain's name.
 *
 * @param toPool whether it leads to a pool, else to a route
 * @param target the name of the pool or route
 * @param session of whoever comes; empty: the route tells sessions apart
 * @param certificate of its own; empty: it has none
 * @param ordered whether one is got from the authority
 */
public record DomainRecord(
        boolean toPool,
        String target,
        Optional<SharedSession> session,
        Optional<OwnCertificate> certificate,
        boolean ordered) {

    private static final Set<String> KNOWN =
            Set.of("route", "pool", "session", "principal", "source", "certificate", "until", "acme");

    /**
     * Where an operator's certificate stands, with its key.
     *
     * @param record on the shelf of certificates
     * @param until the last moment at which it is good
     */
    public record OwnCertificate(String record, Instant until) {}

    /** @throws IllegalArgumentException where it is none of ours, or a newer version wrote it */
    static DomainRecord read(Buffer value) {
        try {
            JsonObject told = value.toJsonObject();
            if (!KNOWN.containsAll(told.fieldNames()) || told.containsKey("route") == told.containsKey("pool")) {
                throw new IllegalArgumentException("its keys are " + told.fieldNames());
            }
            boolean toPool = told.containsKey("pool");
            Optional<Source> kind = Optional.ofNullable(told.getString("source"))
                    .map(word -> Source.valueOf(word.toUpperCase(Locale.ROOT)));
            return new DomainRecord(
                    toPool,
                    told.getString(toPool ? "pool" : "route"),
                    Optional.ofNullable(told.getString("session"))
                            .map(id -> new SharedSession(id, told.getString("principal", ""), kind)),
                    Optional.ofNullable(told.getString("certificate"))
                            .map(record -> new OwnCertificate(record, told.getInstant("until"))),
                    told.getBoolean("acme", false));
        } catch (DecodeException | ClassCastException | DateTimeException | NullPointerException unfit) {
            throw new IllegalArgumentException("it is not the record of a domain", unfit);
        }
    }

    Buffer written() {
        JsonObject told = new JsonObject().put(toPool ? "pool" : "route", target);
        session.ifPresent(shared -> {
            told.put("session", shared.id());
            if (!shared.principal().isEmpty()) {
                told.put("principal", shared.principal());
            }
            shared.kind().ifPresent(kind -> told.put("source", kind.name().toLowerCase(Locale.ROOT)));
        });
        certificate.ifPresent(own -> told.put("certificate", own.record()).put("until", own.until()));
        if (ordered) {
            told.put("acme", true);
        }
        return told.toBuffer();
    }

    DomainRecord with(Optional<OwnCertificate> own) {
        return new DomainRecord(toPool, target, session, own, ordered);
    }
}

package dev.sandgate.proxy.admin;

import dev.sandgate.proxy.admin.Refused.Why;
import dev.sandgate.proxy.domain.DomainRecord;
import dev.sandgate.proxy.domain.DomainRefused;
import dev.sandgate.proxy.domain.DomainWish;
import dev.sandgate.proxy.domain.Domains;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /domains}; {@code GET}, {@code PUT} and {@code DELETE /domains/{name}}. No answer holds a key or a session's id. */
final class DomainsEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(DomainsEndpoint.class);
    private static final Pattern TAG = Pattern.compile("\"([1-9][0-9]{0,17})\"");
    private static final int MOST = 1_000;

    private final Domains domains;

    DomainsEndpoint(Domains domains) {
        this.domains = domains;
    }

    Future<Reply> list(Ask ask) {
        ask.knowing(List.of("limit", "after"));
        int limit = ask.number("limit", said -> said >= 1 && said <= MOST, "a whole number from 1 to 1000")
                .map(Long::intValue)
                .orElse(100);
        String after = ask.text("after").orElse("");
        return domains.all().map(all -> {
            NavigableMap<String, Domains.Entry> behind = new TreeMap<>(all).tailMap(after, false);
            List<String> names = new ArrayList<>(behind.keySet());
            List<String> page = names.subList(0, Math.min(limit, names.size()));
            JsonArray shown = new JsonArray();
            page.forEach(name -> shown.add(shown(name, entry(behind, name))));
            JsonObject told = new JsonObject().put("domains", shown);
            if (names.size() > limit) {
                told.put("next", page.get(limit - 1));
            }
            return Reply.json(told);
        });
    }

    private static Domains.Entry entry(Map<String, Domains.Entry> all, String name) {
        Domains.Entry entry = all.get(name);
        if (entry == null) {
            throw Refused.because(Why.DOMAIN_UNKNOWN);
        }
        return entry;
    }

    Future<Reply> get(Ask ask) {
        ask.knowing(List.of());
        return one(ask.id(), 200);
    }

    private Future<Reply> one(String name, int status) {
        return domains.get(name)
                .map(found -> found.orElseThrow(() -> Refused.because(Why.DOMAIN_UNKNOWN)))
                .map(entry -> Reply.json(status, shown(name, entry)).tagged("\"" + entry.version() + "\""));
    }

    /** Makes it what the body says, whatever it was. */
    Future<Reply> put(Ask ask) {
        ask.knowing(List.of());
        OptionalLong expected = expected(ask);
        String name = ask.id();
        return told(() -> domains.put(name, DomainWish.read(ask.body()), expected))
                .compose(version -> {
                    LOG.info("by the operator: domain {} is in version {}", name, version);
                    return one(name, version == 1 ? 201 : 200);
                });
    }

    Future<Reply> remove(Ask ask) {
        ask.knowing(List.of());
        OptionalLong expected = expected(ask);
        String name = ask.id();
        return told(() -> domains.remove(name, expected)).map(gone -> {
            if (!gone) {
                throw Refused.because(Why.DOMAIN_UNKNOWN);
            }
            LOG.info("by the operator: domain {} is gone", name);
            return Reply.nothing();
        });
    }

    /** A step that may say no. */
    @FunctionalInterface
    private interface Step<T> {
        Future<T> begin();
    }

    private static <T> Future<T> told(Step<T> step) {
        try {
            return step.begin()
                    .recover(why -> Future.failedFuture(why instanceof DomainRefused refused ? told(refused) : why));
        } catch (DomainRefused refused) {
            throw told(refused);
        }
    }

    private static Refused told(DomainRefused refused) {
        Why why =
                switch (refused.why()) {
                    case UNFIT -> Why.PARAMETER_INVALID;
                    case TAKEN -> Why.DOMAIN_TAKEN;
                    case FULL -> Why.DOMAINS_FULL;
                    case CHANGED -> Why.DOMAIN_CHANGED;
                };
        return Refused.because(why, String.valueOf(refused.getMessage()));
    }

    private static OptionalLong expected(Ask ask) {
        if (ask.ifMatch().isEmpty()) {
            return OptionalLong.empty();
        }
        Matcher tag = TAG.matcher(ask.ifMatch().get());
        if (!tag.matches()) {
            throw Ask.unfit("If-Match", ask.ifMatch().get(), "one ETag, as an answer had it");
        }
        return OptionalLong.of(Long.parseLong(tag.group(1)));
    }

    private static JsonObject shown(String name, Domains.Entry entry) {
        DomainRecord domain = entry.record();
        JsonObject shown = new JsonObject().put("name", name).put(domain.toPool() ? "pool" : "route", domain.target());
        domain.session().ifPresent(session -> {
            shown.put("shared", true);
            if (!session.principal().isEmpty()) {
                shown.put("principal", session.principal());
            }
            session.kind().map(Words::of).ifPresent(kind -> shown.put("source", kind));
        });
        domain.certificate().ifPresent(own -> shown.put("certificate", new JsonObject().put("until", own.until())));
        if (domain.ordered()) {
            shown.put("acme", true);
        }
        return shown.put("version", entry.version());
    }
}

package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Report;
import dev.sandgate.proxy.admin.Refused.Why;
import dev.sandgate.proxy.pool.Pool;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /instances}, {@code POST} and {@code DELETE /instances/{id}/drain}. */
final class InstancesEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(InstancesEndpoint.class);
    private static final String POOL = "pool";

    private final Node node;

    InstancesEndpoint(Node node) {
        this.node = node;
    }

    Reply list(Ask ask) {
        ask.knowing(List.of(POOL));
        JsonArray instances = new JsonArray();
        members(ask).forEach(member -> instances.add(shown(member)));
        return Reply.json(new JsonObject().put("instances", instances));
    }

    /** No new sessions; live ones go on. */
    Future<Reply> drain(Ask ask) {
        Member member = one(ask);
        return report(member, new Report.Draining(member.instance()), "drains");
    }

    /** Takes new sessions again. */
    Future<Reply> undrain(Ask ask) {
        Member member = one(ask);
        if (member.state() != Member.State.DRAINING) {
            return Future.succeededFuture(Reply.json(shown(member)));
        }
        boolean singleUse = pool(member).config().sessions().recycle();
        return report(member, new Report.Ready(member.instance(), member.cap(), singleUse), "drains no more");
    }

    private Pool pool(Member member) {
        return Objects.requireNonNull(node.pools().get(member.instance().pool()), "a pool of the config");
    }

    private Future<Reply> report(Member member, Report report, String what) {
        Instance instance = member.instance();
        LOG.info("by the operator: instance {} of pool {} {}", instance.id(), instance.pool(), what);
        return node.table()
                .report(report)
                .map(noted -> Reply.json(shown(now(instance).orElse(gone(member)))));
    }

    private Optional<Member> now(Instance instance) {
        return node.table().instances(instance.pool()).members().stream()
                .filter(member -> member.instance().equals(instance))
                .findFirst();
    }

    private static Member gone(Member member) {
        return new Member(member.instance(), Member.State.GONE, member.cap(), 0);
    }

    private List<Member> members(Ask ask) {
        Optional<String> only = ask.oneOf(POOL, node.pools().keySet());
        List<Member> members = new ArrayList<>();
        for (String pool : only.map(List::of).orElse(List.copyOf(node.pools().keySet()))) {
            members.addAll(node.table().instances(pool).members());
        }
        return members;
    }

    private Member one(Ask ask) {
        ask.knowing(List.of(POOL));
        List<Member> found = members(ask).stream()
                .filter(member -> member.instance().id().equals(ask.id()))
                .toList();
        if (found.isEmpty()) {
            throw Refused.because(Why.INSTANCE_UNKNOWN);
        }
        if (found.size() > 1) {
            String pools =
                    found.stream().map(member -> member.instance().pool()).collect(Collectors.joining(", "));
            throw Refused.because(
                    Why.INSTANCE_AMBIGUOUS, "pool: missing (expected: one of " + pools + "; each has this instance)");
        }
        return found.get(0);
    }

    private static JsonObject shown(Member member) {
        Instance instance = member.instance();
        String host = instance.host().contains(":") ? "[" + instance.host() + "]" : instance.host();
        return new JsonObject()
                .put("id", instance.id())
                .put(POOL, instance.pool())
                .put("state", Words.of(member.state()))
                .put("address", host + ":" + instance.port())
                .put("incarnation", instance.incarnation())
                .put("cap", member.cap())
                .put("used", member.used())
                .put("free", member.open() ? member.cap() - member.used() : 0);
    }
}

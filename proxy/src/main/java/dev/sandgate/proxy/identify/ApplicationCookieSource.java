package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/** The application's own cookie: its value is the id, learned from {@code Set-Cookie}, passed on unchanged. */
final class ApplicationCookieSource implements SessionSource {

    private final String name;

    ApplicationCookieSource(AffinityConfig.Cookie config) {
        this.name = config.name();
    }

    @Override
    public Source kind() {
        return Source.COOKIE;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        return Cookies.find(inbound, name, value -> Optional.of(value).filter(SessionIds::isWellFormed));
    }

    @Override
    public void hide(MultiMap fields) {
        Cookies.remove(fields, List.of(name));
    }

    @Override
    public Unknown unknown() {
        return Unknown.ABSENT;
    }

    @Override
    public boolean mayLearn(Inbound inbound) {
        return true;
    }

    @Override
    public Optional<String> learn(AnswerHead head) {
        return Cookies.given(head.fields(), name).filter(SessionIds::isWellFormed);
    }

    /** As far as that can be done without knowing the cookie's path and domain: most have {@code Path=/} and none. */
    @Override
    public void forget(Inbound inbound, MultiMap fields) {
        fields.add("Set-Cookie", name + "=; Max-Age=0; Path=/");
    }
}

package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.inbound.Fields;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.Syntax;
import java.util.Map;
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
        return Cookies.find(inbound, name).filter(SessionIds::isWellFormed);
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
        Optional<String> learned = Optional.empty();
        var entries = Fields.entries(head.fields());
        while (entries.hasNext()) {
            Map.Entry<? extends CharSequence, ? extends CharSequence> entry = entries.next();
            if (Syntax.equalsIgnoreCase("set-cookie", entry.getKey())) {
                Optional<String> given = Cookies.given(entry.getValue(), name).filter(SessionIds::isWellFormed);
                // the last line wins, as it does in a browser
                learned = given.isPresent() ? given : learned;
            }
        }
        return learned;
    }
}

package dev.sandgate.bench.load;

import dev.sandgate.bench.scenario.Affinity;
import dev.sandgate.bench.scenario.Sessions;
import dev.sandgate.bench.wire.Answer;
import dev.sandgate.bench.wire.Ask;
import dev.sandgate.bench.wire.Wire;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plain HTTP: the session is named by a field, a cookie, a query value or the host. To the sandbox it is named by {@value
 * #SANDBOX_FIELD} always, whatever names it to the door.
 */
final class HttpSpeech implements Speech {

    static final String SANDBOX_FIELD = "X-Session-Id";

    private final Doors doors;
    private final Sessions sort;
    private final String id;
    private String cookie = "";
    private @Nullable Wire stream;

    HttpSpeech(Doors doors, Sessions sort, String id) {
        this.doors = doors;
        this.sort = sort;
        this.id = id;
    }

    @Override
    public boolean opens() {
        return false;
    }

    @Override
    public void open(Consumer<Said> then) {
        throw new IllegalStateException("its first call opens an HTTP session");
    }

    @Override
    public boolean told() {
        return !cookie.isEmpty();
    }

    @Override
    public void call(long number, Consumer<Said> then) {
        doors.next().send(named("POST", sort.path()), Answer.whole(answer -> {
            keepCookie(answer.headers());
            then.accept(Said.sighted(answer));
        }));
    }

    @Override
    public void hold(StreamEar ear) {
        stream = doors.next().stream(named("GET", sort.stream()), new HeldStream(ear));
    }

    @Override
    public boolean ends() {
        return sort.affinity().source() != Affinity.Source.NONE;
    }

    @Override
    public void end(Consumer<Said> then) {
        doors.next()
                .send(
                        named("DELETE", "/session"),
                        Answer.whole(answer -> then.accept(Said.success(answer) ? Said.well() : Said.refusal(answer))));
        leave();
    }

    @Override
    public void leave() {
        if (stream != null) {
            stream.leave();
        }
    }

    private Ask named(String method, String path) {
        Affinity affinity = sort.affinity();
        boolean inQuery = affinity.source() == Affinity.Source.QUERY;
        String target = inQuery ? path + (path.contains("?") ? "&" : "?") + affinity.name() + "=" + id : path;
        Ask ask = Ask.of(method, target).at(sort.host());
        sort.headers().forEach(ask::with);
        if (affinity.source() != Affinity.Source.NONE) {
            ask.with(SANDBOX_FIELD, id);
        }
        if (affinity.source() == Affinity.Source.HEADER && !affinity.name().equalsIgnoreCase(SANDBOX_FIELD)) {
            ask.with(affinity.name(), id);
        }
        if (affinity.source() == Affinity.Source.HOST) {
            ask.at(affinity.name().replace("{session}", id));
        }
        if (!cookie.isEmpty()) {
            ask.with("Cookie", affinity.name() + "=" + cookie);
        }
        return ask;
    }

    private void keepCookie(@Nullable HttpHeaders headers) {
        if (headers == null || sort.affinity().source() != Affinity.Source.COOKIE) {
            return;
        }
        String begins = sort.affinity().name() + "=";
        for (String set : headers.getAll("set-cookie")) {
            if (set.startsWith(begins)) {
                int end = set.indexOf(';');
                cookie = set.substring(begins.length(), end < 0 ? set.length() : end);
            }
        }
    }
}

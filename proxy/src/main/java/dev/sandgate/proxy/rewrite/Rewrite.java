package dev.sandgate.proxy.rewrite;

import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Fields;
import dev.sandgate.proxy.inbound.HostName;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a route changes in requests on their way to the instance, and in answers on their way back. Any thread. */
public final class Rewrite {

    private static final List<String> REFERENCES = List.of("Location", "Content-Location");

    private final @Nullable FieldChanges request;
    private final @Nullable FieldChanges answer;
    private final @Nullable PathChanges paths;

    private Rewrite(@Nullable FieldChanges request, @Nullable FieldChanges answer, @Nullable PathChanges paths) {
        this.request = request;
        this.answer = answer;
        this.paths = paths;
    }

    /** The changes of this config. */
    public static Rewrite of(RewriteConfig config) {
        return new Rewrite(
                changes(config.request()),
                changes(config.answer()),
                config.changesPaths() ? new PathChanges(config.stripPrefix(), config.addPrefix()) : null);
    }

    private static @Nullable FieldChanges changes(RewriteConfig.Fields fields) {
        return fields.equals(RewriteConfig.Fields.NOTHING) ? null : new FieldChanges(fields);
    }

    /**
     * The target that the instance sees, in origin form.
     *
     * @throws Fault {@link Reason#PATH_INVALID} where the client's cannot be changed without a doubt
     */
    public String target(Inbound inbound) {
        return paths == null ? inbound.target() : paths.target(inbound.target());
    }

    /** The path that the instance sees, in the form in which routes are chosen. */
    public String path(Inbound inbound) {
        return paths == null ? inbound.path() : paths.path(inbound.path());
    }

    /** Makes a path of the instance's one of the client's. */
    public UnaryOperator<String> back() {
        PathChanges changes = paths;
        return changes == null ? UnaryOperator.identity() : changes::back;
    }

    /** Changes the fields of a request. */
    public void request(MultiMap fields) {
        if (request != null) {
            request.apply(fields);
        }
    }

    /** Changes the fields of an answer. */
    public void answer(MultiMap fields) {
        if (answer != null) {
            answer.apply(fields);
        }
    }

    /**
     * Changes the paths in an answer's fields, while they are still the instance's own.
     *
     * @param instance the instance's own host and port, as {@code Host} says it
     */
    public void paths(MultiMap fields, Inbound inbound, String instance) {
        PathChanges changes = paths;
        if (changes == null) {
            return;
        }
        References references = new References(changes, inbound.host().text(), instance);
        for (String name : REFERENCES) {
            change(fields, name, references::back);
        }
        change(fields, "Refresh", value -> refresh(value, references));
        String own = HostName.parse(instance).name();
        change(fields, "Set-Cookie", new CookieBack(changes, inbound.host().name(), own)::of);
    }

    private static void change(MultiMap fields, String name, UnaryOperator<String> change) {
        if (!fields.contains(name)) {
            return;
        }
        List<String> values = fields.getAll(name);
        fields.remove(name);
        for (String value : values) {
            fields.add(name, Fields.writable(change.apply(value)));
        }
    }

    // "5; url=/there", with or without quotes (HTML, pragma directives)
    private static String refresh(String value, References references) {
        int url = value.toLowerCase(Locale.ROOT).indexOf("url=");
        if (url < 0) {
            return value;
        }
        int from = url + "url=".length();
        boolean quoted = from < value.length() && "\"'".indexOf(value.charAt(from)) >= 0;
        int last = value.length() - 1;
        boolean closed = quoted && last > from && value.charAt(last) == value.charAt(from);
        int begin = quoted ? from + 1 : from;
        int end = closed ? last : value.length();
        return value.substring(0, begin) + references.back(value.substring(begin, end)) + value.substring(end);
    }
}

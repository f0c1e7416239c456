package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Inbound;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;

/** A query value; the client makes the id. */
final class QuerySource implements SessionSource {

    private final String name;

    QuerySource(String name) {
        this.name = name;
    }

    @Override
    public Source kind() {
        return Source.QUERY;
    }

    @Override
    public Optional<String> read(Inbound inbound) {
        return Queries.only(inbound.target(), found -> found.equals(name)).map(SessionIds::checked);
    }

    @Override
    public Unknown unknown() {
        return Unknown.OPENS;
    }

    /** Reads values out of a query. */
    static final class Queries {
        private Queries() {}

        /**
         * The decoded value of the one parameter whose name fits.
         *
         * @throws Fault {@link Reason#SESSION_MALFORMED} where it stands twice or has a broken escape
         */
        static Optional<String> only(String target, Predicate<String> name) {
            Optional<String> value = Optional.empty();
            int question = target.indexOf('?');
            for (int from = question + 1; question >= 0 && from <= target.length(); ) {
                int amp = target.indexOf('&', from);
                int end = amp < 0 ? target.length() : amp;
                int equals = target.indexOf('=', from);
                int endOfName = equals >= 0 && equals < end ? equals : end;
                if (name.test(nameOf(target.substring(from, endOfName)))) {
                    if (value.isPresent()) {
                        throw Fault.of(Reason.SESSION_MALFORMED);
                    }
                    // without "=" its value is empty
                    value = Optional.of(decoded(target.substring(Math.min(endOfName + 1, end), end)));
                }
                from = end + 1;
            }
            return value;
        }

        // one with a broken escape is nobody's
        private static String nameOf(String text) {
            try {
                return unescaped(text);
            } catch (IllegalArgumentException broken) {
                return text;
            }
        }

        private static String decoded(String text) {
            try {
                return unescaped(text);
            } catch (IllegalArgumentException broken) {
                throw Fault.of(Reason.SESSION_MALFORMED);
            }
        }

        private static String unescaped(String text) {
            return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}

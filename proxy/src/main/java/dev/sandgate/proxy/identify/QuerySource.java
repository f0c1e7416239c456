package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.Inbound;
import java.util.Optional;

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
        static Optional<String> only(String target, java.util.function.Predicate<String> name) {
            Optional<String> value = Optional.empty();
            int question = target.indexOf('?');
            for (int from = question + 1; question >= 0 && from <= target.length(); ) {
                int amp = target.indexOf('&', from);
                int end = amp < 0 ? target.length() : amp;
                int equals = target.indexOf('=', from);
                boolean pair = equals >= 0 && equals < end;
                if (pair && name.test(target.substring(from, equals))) {
                    if (value.isPresent()) {
                        throw Fault.of(Reason.SESSION_MALFORMED);
                    }
                    value = Optional.of(decoded(target.substring(equals + 1, end)));
                }
                from = end + 1;
            }
            return value;
        }

        private static String decoded(String text) {
            try {
                return text.indexOf('%') < 0
                        ? text
                        : java.net.URLDecoder.decode(text.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
            } catch (IllegalArgumentException broken) {
                throw Fault.of(Reason.SESSION_MALFORMED);
            }
        }
    }
}

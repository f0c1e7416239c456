package dev.sandgate.conf;

import java.util.regex.Pattern;

/** Reads the source {@code query}. */
final class QueryReader {

    /** The name of a query value, one that no client encodes (RFC 3986, 2.3). */
    static final Shape<String> NAME = Scalars.text(
            "the name of a query value, such as \"session\": letters, digits, \".\", \"_\", \"~\" or \"-\"",
            Pattern.compile("[A-Za-z0-9._~-]{1,128}"));

    static final Shape<AffinityConfig.Query> QUERY =
            Shape.of(NAME.expected(), value -> NAME.read(value).map(AffinityConfig.Query::new));

    private QueryReader() {}
}

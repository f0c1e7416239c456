package dev.sandgate.conf;

import java.util.Optional;

/** Reads the source {@code header}. */
final class HeaderReader {

    private static final Shape<String> NAME = name("X-Session-Id");

    static final Shape<AffinityConfig.Header> HEADER = Shape.of(NAME.expected(), HeaderReader::header);

    private HeaderReader() {}

    private static Optional<AffinityConfig.Header> header(Value value) {
        if (!(value.node() instanceof Node.Members object)) {
            return NAME.read(value).map(name -> new AffinityConfig.Header(name, false));
        }
        Section section = new Section(object, value.context());
        Optional<String> name = section.need("name", NAME);
        boolean generate = section.find("generate", Scalars.BOOLEAN).orElse(false);
        section.end();
        return name.map(header -> new AffinityConfig.Header(header, generate));
    }

    /** The name of a request header that has no other meaning in HTTP. */
    static Shape<String> name(String sample) {
        String expected = "the name of a request header, such as \"" + sample + "\"";
        return Shape.of(expected, value -> {
            Optional<String> name = value.text(expected);
            if (name.isEmpty()) {
                return Optional.empty();
            }
            if (!HeaderNames.TOKEN.matcher(name.get()).matches()) {
                return value.refuse(expected);
            }
            return HeaderNames.mayHoldASession(name.get())
                    ? name
                    : value.refuse(
                            "a header of your own, such as \"" + sample + "\"; this one has another meaning in HTTP");
        });
    }
}

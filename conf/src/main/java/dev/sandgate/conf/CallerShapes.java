package dev.sandgate.conf;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Shapes of what is told of a caller. */
final class CallerShapes {

    static final Shape<String> SUBJECT = line("a subject");
    static final Shape<String> TENANT = line("a tenant");

    /** A caller's class. */
    static final Shape<String> PRIORITY = Scalars.text(NamedSections.NAME_RULE, NamedSections.NAME);

    /** One scope (RFC 6749, 3.3). */
    static final Shape<String> SCOPE = Scalars.text(
            "a scope of 1 to 128 visible ASCII characters, without blanks, \" and \\",
            Pattern.compile("[!#-\\[\\]-~]{1,128}"));

    static final Shape<Set<String>> SCOPES = Lists.set(scopes(0));

    private CallerShapes() {}

    static Shape<List<String>> scopes(int min) {
        return Lists.of("scopes", SCOPE, min, 100);
    }

    /** @param what it is, with its article */
    static Shape<String> line(String what) {
        return Scalars.text(what + " of 1 to 256 printable characters", Pattern.compile("\\P{Cntrl}{1,256}"));
    }
}

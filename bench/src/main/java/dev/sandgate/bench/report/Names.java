package dev.sandgate.bench.report;

import java.util.Comparator;

/** The order of names in a report: {@code s2} before {@code s10}. */
final class Names {

    static final Comparator<String> ORDER = Comparator.<String, String>comparing(name -> name.replaceAll("\\d+$", ""))
            .thenComparing(String::length)
            .thenComparing(Comparator.naturalOrder());

    private Names() {}
}

package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.Binding;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a page of sessions ended: {@code python:1763800000000000}. */
record Cursor(String pool, long generation) {

    private static final Pattern WRITTEN = Pattern.compile("([A-Za-z0-9._-]{1,64}):([0-9]{1,18})");

    static Cursor of(Binding last) {
        return new Cursor(last.key().pool(), last.generation());
    }

    /** @throws Refused where no page ever ended so */
    static Cursor read(String text, Set<String> pools) {
        Matcher parts = WRITTEN.matcher(text);
        if (!parts.matches() || !pools.contains(parts.group(1))) {
            throw Ask.unfit("after", text, "the next of the page before");
        }
        return new Cursor(parts.group(1), Long.parseLong(parts.group(2)));
    }

    String written() {
        return pool + ":" + generation;
    }
}

package dev.sandgate.proxy.domain;

import java.util.regex.Pattern;

/** What a domain may be called: as requests name it. */
final class DomainName {

    private static final String LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern NAME = Pattern.compile("(?:" + LABEL + "\\.)*" + LABEL);
    private static final Pattern ADDRESS = Pattern.compile("(?:.*\\.)?[0-9]+");

    private DomainName() {}

    /** @throws DomainRefused where no request could be for it */
    static void check(String name) {
        boolean fits = name.length() <= 253
                && NAME.matcher(name).matches()
                && !ADDRESS.matcher(name).matches();
        if (!fits) {
            throw DomainRefused.unfit("the path ends with no domain (expected: one exact name such as shop.example.com,"
                    + " lower case, without a wildcard, an international one with labels such as xn--bcher-kva)");
        }
    }
}

package dev.sandgate.proxy.admin;

import java.util.Locale;

/** How the code's words are written in answers and labels: {@code least-sessions}. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

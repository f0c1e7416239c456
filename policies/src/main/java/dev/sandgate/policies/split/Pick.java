package dev.sandgate.policies.split;

import dev.sandgate.conf.SplitConfig.Picked;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What of a request picks a variant by name: a field, a cookie or the caller. Any thread. */
final class Pick {

    private final List<Map.Entry<String, String>> fields;
    private final Map<String, String> cookies;
    private final Set<String> principals;

    Pick(Picked picked) {
        this.fields = List.copyOf(picked.headers().entrySet());
        this.cookies = picked.cookies();
        this.principals = picked.principals();
    }

    boolean fits(Seen request, Principal caller) {
        boolean called =
                caller.isSomebody() && (principals.contains(caller.name()) || principals.contains(caller.subject()));
        return called || hasField(request) || (!cookies.isEmpty() && hasCookie(request.fields("cookie")));
    }

    private boolean hasField(Seen request) {
        for (int at = 0; at < fields.size(); at++) {
            Map.Entry<String, String> field = fields.get(at);
            if (request.fields(field.getKey()).contains(field.getValue())) {
                return true;
            }
        }
        return false;
    }

    // pairs between semicolons (RFC 6265 section 4.2.1); names and values are compared as they are
    private boolean hasCookie(List<String> lines) {
        for (String line : lines) {
            for (String pair : line.split(";", -1)) {
                int equals = pair.indexOf('=');
                String value = equals < 0
                        ? null
                        : cookies.get(pair.substring(0, equals).trim());
                if (value != null && value.equals(pair.substring(equals + 1).trim())) {
                    return true;
                }
            }
        }
        return false;
    }
}

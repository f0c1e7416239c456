package dev.sandgate.policies;

import dev.sandgate.conf.PolicyConfig.Caller;
import java.util.Set;

/**
 * Who calls. A session belongs to the principal that opened it.
 *
 * @param name {@code authenticator:issuer|subject}: the same over refreshed credentials; empty: nobody in particular
 * @param subject empty: nobody in particular
 * @param tenant empty: none
 * @param scopes what the caller may do; mostly few
 * @param priority the caller's class; empty: none
 */
public record Principal(String name, String subject, String tenant, Set<String> scopes, String priority) {

    public static final Principal NOBODY = new Principal("", "", "", Set.of(), "");

    /**
     * A caller by name.
     *
     * @param authenticator the kind of the authenticator that told
     * @param issuer who vouches; empty: the config itself
     */
    public static Principal of(String authenticator, String issuer, Caller caller) {
        String name = authenticator + ":" + issuer + "|" + caller.subject();
        return new Principal(name, caller.subject(), caller.tenant(), Set.copyOf(caller.scopes()), caller.priority());
    }

    /** Whether it is somebody in particular. */
    public boolean isSomebody() {
        return !name.isEmpty();
    }

    /** Its kind only: who calls is nobody's business in a log. */
    @Override
    public String toString() {
        return isSomebody() ? name.substring(0, name.indexOf(':')) : "nobody";
    }
}

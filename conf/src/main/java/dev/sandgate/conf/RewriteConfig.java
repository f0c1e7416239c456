package dev.sandgate.conf;

import java.util.List;
import java.util.Map;

/**
 * What is changed in a request on its way to the instance, and in the answer on its way back.
 *
 * @param request changes to the request's fields
 * @param answer changes to the answer's fields
 * @param stripPrefix whole segments that the instance does not see at the start of the path; empty: none
 * @param addPrefix whole segments that it sees there instead; empty: none
 */
public record RewriteConfig(Fields request, Fields answer, String stripPrefix, String addPrefix) {

    public static final RewriteConfig NOTHING = new RewriteConfig(Fields.NOTHING, Fields.NOTHING, "", "");

    /** Whether paths change. */
    public boolean changesPaths() {
        return !stripPrefix.isEmpty() || !addPrefix.isEmpty();
    }

    /**
     * Changes to fields: first renamed, then removed, then set. Names as written by the operator, each known in one of
     * the three only.
     *
     * @param rename new names by the old ones
     * @param remove names
     * @param set values by name, in the place of all that were there
     */
    public record Fields(Map<String, String> rename, List<String> remove, Map<String, String> set) {

        public static final Fields NOTHING = new Fields(Map.of(), List.of(), Map.of());

        /** Without the values: one may be a secret. */
        @Override
        public String toString() {
            return "Fields[rename=" + rename + ", remove=" + remove + ", set=" + set.keySet() + "]";
        }
    }
}

package dev.sandgate.bench.sidebyside;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One of the doors that are compared.
 *
 * @param id its folder's name
 * @param folder what {@code ${here}} stands for
 * @param name in the table
 * @param needs programs and files that must be there, and what brings each
 * @param version a command that prints it; empty: it is not told
 * @param door where requests go
 * @param programs as in a scenario
 * @param files by name, as in a scenario
 */
record Contender(
        String id,
        Path folder,
        String name,
        Map<String, String> needs,
        List<String> version,
        String door,
        ObjectNode programs,
        Map<String, String> files) {

    /** The names of its programs; what else runs are the bench's sandboxes. */
    Set<String> programNames() {
        Set<String> names = new TreeSet<>();
        programs.fieldNames().forEachRemaining(names::add);
        return names;
    }
}

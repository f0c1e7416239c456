package dev.sandgate.bench.sidebyside;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sandgate.bench.sidebyside.Plan.Measure;
import java.nio.file.Path;

/**
 * One contender, once: one scenario of one round.
 *
 * @param round 1 is the first
 * @param scenario the plan's, without what the contender brings
 */
record Heat(int round, Contender contender, Measure measure, ObjectNode scenario) {

    /** For lines and messages: {@code round 2, HAProxy, load}. */
    String told() {
        return "round " + round + ", " + contender.name() + ", " + measure.told();
    }

    /** Its folder, in the comparison's. */
    Path folder(Path out) {
        return out.resolve("round-" + round).resolve(contender.id()).resolve(measure.told());
    }

    /** The whole scenario, as {@code bench run} reads it; placeholders are not filled in. */
    ObjectNode whole() {
        ObjectNode whole = scenario.objectNode();
        whole.put("name", contender.name() + ": " + measure.told());
        whole.setAll(scenario.deepCopy());
        whole.putArray("doors").add(contender.door());
        ObjectNode programs = contender.programs().deepCopy();
        programs.forEach(program -> complete(program.withArray("command")));
        whole.set("programs", programs);
        ObjectNode files = whole.putObject("files");
        contender.files().forEach(files::put);
        return whole;
    }

    // a server that is not in the path is started all the same
    private static void complete(ArrayNode command) {
        Needs.program(command.path(0).asText()).ifPresent(found -> command.set(0, TextNode.valueOf(found.toString())));
    }
}

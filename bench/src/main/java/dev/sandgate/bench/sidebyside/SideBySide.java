package dev.sandgate.bench.sidebyside;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandgate.bench.scenario.BadScenario;
import dev.sandgate.bench.sidebyside.Plan.Measure;
import dev.sandgate.bench.stage.StageFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Doors side by side: in each round each contender in turn, and another one first in each, so that what a machine does by
 * itself in the course of an hour hits all alike.
 */
final class SideBySide {

    /** The tables' names, in the comparison's folder. */
    static final String MARKDOWN = "side-by-side.md";

    static final String PAGE = "side-by-side.html";

    private final Plan plan;
    private final Path out;
    private final Course course;
    private final PrintWriter told;

    /**
     * Of a plan.
     *
     * @param out the folder for all that is written
     * @param told where it says what it does
     */
    SideBySide(Plan plan, Path out, Course course, PrintWriter told) {
        this.plan = plan;
        this.out = out;
        this.course = course;
        this.told = told;
    }

    /** Makes all heats, and writes the tables anew after each. */
    Findings run() throws IOException, InterruptedException {
        Files.createDirectories(out);
        Findings findings = new Findings(plan);
        List<Contender> there = there(findings);
        for (int round = 1; round <= plan.rounds(); round++) {
            List<Contender> order = new ArrayList<>(there);
            Collections.rotate(order, 1 - round);
            for (Contender contender : order) {
                for (Map.Entry<Measure, ObjectNode> measure : plan.measures().entrySet()) {
                    make(new Heat(round, contender, measure.getKey(), measure.getValue()), findings);
                    write(findings);
                }
            }
        }
        write(findings);
        return findings;
    }

    private List<Contender> there(Findings findings) {
        List<Contender> there = new ArrayList<>();
        for (Contender contender : plan.contenders()) {
            List<String> missing = Needs.missing(contender);
            if (missing.isEmpty()) {
                there.add(contender);
                findings.version(contender, Version.of(contender));
            } else {
                findings.leftOut(contender, missing);
                told.println(contender.name() + " is left out; it needs " + String.join(", ", missing));
            }
        }
        return there;
    }

    private void make(Heat heat, Findings findings) throws IOException, InterruptedException {
        told.println(heat.told());
        try {
            findings.found(heat, course.run(heat, heat.folder(out)));
        } catch (StageFailure | BadScenario why) {
            findings.failed(heat, String.valueOf(why.getMessage()));
            told.println(why.getMessage());
        }
    }

    private void write(Findings findings) throws IOException {
        Files.writeString(out.resolve(MARKDOWN), MarkdownTable.of(findings));
        Files.writeString(out.resolve(PAGE), HtmlPage.of(findings));
    }
}

package dev.sandgate.proxy.admin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format 0.0.4, read strictly: each family has one HELP and one TYPE before its samples, which stand
 * together; no series comes twice; a histogram's buckets only grow, and the last is its count.
 */
final class PrometheusText {

    record Sample(String name, Map<String, String> labels, double value) {}

    record Family(String name, String help, String type, List<Sample> samples) {}

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (\\S.*)");
    private static final Pattern TYPE = Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary)");
    private static final Pattern SAMPLE = Pattern.compile("(" + NAME + ")(?:\\{(.*)\\})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\n\"])*)\"(,|$)");

    private final Map<String, Family> families = new LinkedHashMap<>();
    private final Set<String> series = new HashSet<>();

    private PrometheusText() {}

    static PrometheusText read(String text) {
        if (!text.endsWith("\n")) {
            throw new AssertionError("the last line has no end");
        }
        PrometheusText read = new PrometheusText();
        List<String> lines = List.of(text.split("\n", -1));
        int at = 0;
        while (at < lines.size() - 1) {
            at = read.family(lines, at);
        }
        read.families.values().forEach(PrometheusText::checkBuckets);
        return read;
    }

    private int family(List<String> lines, int from) {
        Matcher help = match(HELP, lines.get(from));
        Matcher type = match(TYPE, lines.get(from + 1));
        String name = help.group(1);
        if (!name.equals(type.group(1))) {
            throw new AssertionError("HELP of " + name + ", TYPE of " + type.group(1));
        }
        Family family = new Family(name, help.group(2), type.group(2), new ArrayList<>());
        if (families.put(name, family) != null) {
            throw new AssertionError("twice: " + name);
        }
        int at = from + 2;
        for (; at < lines.size() - 1 && !lines.get(at).startsWith("#"); at++) {
            family.samples.add(sample(family, lines.get(at)));
        }
        return at;
    }

    private Sample sample(Family family, String line) {
        Matcher parts = match(SAMPLE, line);
        String name = parts.group(1);
        boolean histogram = family.type.equals("histogram") || family.type.equals("summary");
        String suffix = histogram ? "(_bucket|_count|_sum)?" : "";
        if (!name.matches(Pattern.quote(family.name) + suffix)) {
            throw new AssertionError(name + " among the samples of " + family.name);
        }
        if (family.type.equals("counter") && !name.endsWith("_total")) {
            throw new AssertionError("a counter without _total: " + name);
        }
        Map<String, String> labels = labels(parts.group(2) == null ? "" : parts.group(2));
        if (!series.add(name + labels)) {
            throw new AssertionError("twice: " + line);
        }
        return new Sample(name, labels, number(parts.group(3)));
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        int at = 0;
        while (at < text.length()) {
            Matcher label = LABEL.matcher(text).region(at, text.length());
            if (!label.lookingAt() || labels.put(label.group(1), label.group(2)) != null) {
                throw new AssertionError("labels: " + text);
            }
            at = label.end();
        }
        return labels;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private static Matcher match(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new AssertionError("not " + pattern + ": " + line);
        }
        return matcher;
    }

    private static void checkBuckets(Family family) {
        if (!family.type.equals("histogram")) {
            return;
        }
        Map<Map<String, String>, Double> last = new LinkedHashMap<>();
        for (Sample sample : family.samples) {
            Map<String, String> rest = new TreeMap<>(sample.labels);
            String bound = rest.remove("le");
            if (sample.name.endsWith("_bucket")) {
                double before = last.getOrDefault(rest, 0.0);
                if (bound == null || sample.value < before) {
                    throw new AssertionError("a bucket that shrinks: " + sample);
                }
                last.put(rest, sample.value);
            } else if (sample.name.endsWith("_count") && last.getOrDefault(rest, -1.0) != sample.value) {
                throw new AssertionError("the last bucket is not the count: " + sample);
            }
        }
    }

    Map<String, Family> families() {
        return families;
    }

    /** The sum of all samples of this name that have these labels: name, value, name, value. */
    double sum(String name, String... labels) {
        return families.values().stream()
                .flatMap(family -> family.samples.stream())
                .filter(sample -> sample.name.equals(name) && has(sample, labels))
                .mapToDouble(Sample::value)
                .sum();
    }

    private static boolean has(Sample sample, String... labels) {
        for (int at = 0; at < labels.length; at += 2) {
            if (!labels[at + 1].equals(sample.labels.get(labels[at]))) {
                return false;
            }
        }
        return true;
    }

    /** By name and labels, what only grows: counters, buckets, counts and sums. */
    Map<String, Double> growing() {
        Map<String, Double> growing = new TreeMap<>();
        for (Family family : families.values()) {
            if (!family.type.equals("gauge")) {
                family.samples.forEach(sample -> growing.put(sample.name + sample.labels, sample.value));
            }
        }
        return growing;
    }
}

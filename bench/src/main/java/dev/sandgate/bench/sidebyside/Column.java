package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Result.ProgramUse;
import dev.sandgate.bench.result.Result.Second;
import dev.sandgate.bench.result.Result.Use;
import dev.sandgate.bench.sidebyside.Plan.Measure;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/** The figures that are compared, and where each is taken from. */
enum Column {
    PER_SECOND("requests/s", "answered a second, of those that were due", Measure.LOAD) {
        @Override
        OptionalDouble of(Result result, Contender contender) {
            return OptionalDouble.of(result.requests().perSecond());
        }
    },
    P50("p50, ms", "half of the requests took less, counted from the moment at which each was due", Measure.LOAD) {
        @Override
        OptionalDouble of(Result result, Contender contender) {
            return OptionalDouble.of(result.response().p50());
        }
    },
    P99("p99, ms", "99 of 100 requests took less, counted likewise", Measure.LOAD) {
        @Override
        OptionalDouble of(Result result, Contender contender) {
            return OptionalDouble.of(result.response().p99());
        }
    },
    CPU("CPU, µs/request", "user and system time of the door's processes, by the requests answered", Measure.LOAD) {
        @Override
        OptionalDouble of(Result result, Contender contender) {
            return micros(
                    result, result.programs().stream().filter(ProgramUse::door).toList());
        }
    },
    BESIDE("its Redis, µs/request", "the same, of what the door needs beside itself", Measure.LOAD) {
        @Override
        OptionalDouble of(Result result, Contender contender) {
            return micros(
                    result,
                    result.programs().stream()
                            .filter(use ->
                                    !use.door() && contender.programNames().contains(use.name()))
                            .toList());
        }
    },
    MEMORY("memory, MiB", "the most that the door's processes had resident under that load", Measure.LOAD) {
        @Override
        OptionalDouble of(Result result, Contender contender) {
            List<ProgramUse> doors = doors(result);
            return doors.isEmpty()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(
                            doors.stream().mapToLong(ProgramUse::memory).sum() / MEBIBYTE);
        }
    },
    PER_STREAM("memory, KiB/idle stream", "what the door's processes took on, by the streams held", Measure.STREAMS) {
        @Override
        OptionalDouble of(Result result, Contender contender) {
            return perStream(
                    result.timeline(),
                    doors(result).stream().map(ProgramUse::name).collect(Collectors.toSet()));
        }
    };

    private static final double KIBIBYTE = 1024;
    private static final double MEBIBYTE = KIBIBYTE * KIBIBYTE;
    private static final double MICROS = 1e6;

    private final String title;
    private final String meaning;
    private final Measure measure;

    Column(String title, String meaning, Measure measure) {
        this.title = title;
        this.meaning = meaning;
        this.measure = measure;
    }

    /** What one heat of its measure found; empty where there is nothing to be found. */
    abstract OptionalDouble of(Result result, Contender contender);

    /** Above the figures, with their unit. */
    String title() {
        return title;
    }

    /** In a sentence's half. */
    String meaning() {
        return meaning;
    }

    /** Of which measure it is a figure. */
    Measure measure() {
        return measure;
    }

    private static OptionalDouble micros(Result result, List<ProgramUse> uses) {
        long answered = result.requests().answered();
        return answered == 0 || uses.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        uses.stream().mapToDouble(ProgramUse::cpuSeconds).sum() * MICROS / answered);
    }

    /** KiB that these programs took on from the first second that knows them to the fullest, by the streams in between. */
    static OptionalDouble perStream(List<Second> timeline, Set<String> doors) {
        Optional<Second> first = timeline.stream()
                .filter(second -> second.programs().keySet().containsAll(doors))
                .min(Comparator.comparingInt(Second::second));
        Optional<Second> fullest =
                timeline.stream().max(Comparator.comparingInt(Second::sessions).thenComparingInt(Second::second));
        int streams = fullest.map(Second::sessions).orElse(0)
                - first.map(Second::sessions).orElse(0);
        if (streams <= 0 || first.isEmpty() || doors.isEmpty()) {
            return OptionalDouble.empty();
        }
        long taken =
                memory(fullest.get().programs(), doors) - memory(first.get().programs(), doors);
        return OptionalDouble.of(taken / KIBIBYTE / streams);
    }

    private static List<ProgramUse> doors(Result result) {
        return result.programs().stream().filter(ProgramUse::door).toList();
    }

    private static long memory(Map<String, Use> programs, Set<String> doors) {
        return programs.entrySet().stream()
                .filter(use -> doors.contains(use.getKey()))
                .mapToLong(use -> use.getValue().memory())
                .sum();
    }
}

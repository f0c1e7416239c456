package dev.sandgate.proxy.processes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What clients saw in a long run with faults, and what that must not have been. Any thread. */
final class Soak {

    /** For so long after the end of a fault a refusal is its fault. */
    static final long AFTERMATH_NANOS = 5_000_000_000L;

    /**
     * One request.
     *
     * @param door by which it went
     * @param said the instance's own words (name, process, count), else the refusal
     */
    record Seen(String id, String door, long begun, long ended, int status, String said) {

        boolean served() {
            return status == 200;
        }

        String process() {
            return said.split(" ", -1)[1];
        }

        int count() {
            return Integer.parseInt(said.split(" ", -1)[2]);
        }
    }

    private record Fault(String what, long begun, long ended) {}

    private final List<Seen> requests = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Long> killed = new HashMap<>();

    synchronized void saw(Seen request) {
        requests.add(request);
    }

    /** One is over that began then. */
    synchronized void fault(String what, long begun) {
        fault(what, begun, System.nanoTime());
    }

    synchronized void fault(String what, long begun, long ended) {
        faults.add(new Fault(what, begun, ended));
    }

    /** This instance's process is killed at this moment: its sessions are lost, and may be told so from then on. */
    synchronized void killed(long process, long moment) {
        killed.put("" + process, moment);
    }

    /** Everything that is wrong; empty: nothing. */
    synchronized List<String> wrongs(int cap) {
        List<String> wrongs = new ArrayList<>();
        Map<String, Set<String>> homes = new HashMap<>();
        Map<String, Set<String>> guests = new HashMap<>();
        Set<String> counts = new TreeSet<>();
        for (Seen seen : requests) {
            if (seen.served()) {
                homes.computeIfAbsent(seen.id(), id -> new TreeSet<>()).add(seen.process());
                guests.computeIfAbsent(seen.process(), process -> new TreeSet<>())
                        .add(seen.id());
                if (!counts.add(seen.id() + " " + seen.process() + " " + seen.count())) {
                    wrongs.add("sent twice: " + seen);
                }
            }
        }
        homes.forEach((id, processes) -> {
            if (processes.size() > 1) {
                wrongs.add("two homes: " + id + " " + processes);
            }
        });
        guests.forEach((process, ids) -> {
            if (ids.size() > cap) {
                wrongs.add("over its cap of " + cap + ": process " + process + " has " + ids);
            }
        });
        for (Seen seen : requests) {
            Set<String> home = homes.getOrDefault(seen.id(), Set.of());
            if (seen.status() == 404 && home.stream().noneMatch(process -> wasKilledBefore(process, seen.ended()))) {
                wrongs.add("lost without a cause: " + seen);
            }
        }
        return wrongs;
    }

    private boolean wasKilledBefore(String process, long moment) {
        Long at = killed.get(process);
        return at != null && at - moment < 0;
    }

    /** The part of requests that were answered with 200, of those that no fault excuses. */
    synchronized double servedInCalm() {
        long calm = 0;
        long served = 0;
        for (Seen seen : requests) {
            if (faults.stream()
                    .noneMatch(fault ->
                            seen.ended() - fault.begun() > 0 && seen.begun() - fault.ended() < AFTERMATH_NANOS)) {
                calm++;
                served += seen.served() ? 1 : 0;
            }
        }
        return calm == 0 ? 0 : (double) served / calm;
    }

    synchronized String summary() {
        Map<String, Integer> kinds = new HashMap<>();
        for (Seen seen : requests) {
            kinds.merge(seen.served() ? "200" : seen.status() + " " + reason(seen.said()), 1, Integer::sum);
        }
        return requests.size() + " requests: " + kinds + "; "
                + faults.stream().map(Fault::what).toList();
    }

    private static String reason(String said) {
        int at = said.indexOf("\"reason\":\"");
        return at < 0
                ? said.replaceAll("[^A-Za-z ].*", "")
                : said.substring(at + 10).replaceAll("\".*", "");
    }
}

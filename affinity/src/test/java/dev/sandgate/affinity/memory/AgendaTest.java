package dev.sandgate.affinity.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.affinity.kit.Seeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AgendaTest {

    /** Times around the wrap of the clock. */
    private static final long ORIGIN = Long.MAX_VALUE - 50;

    @Test
    void givesOutWhatIsDueInOrderWhateverCameAndWentBefore() {
        Seeds.each(300, random -> {
            Agenda agenda = new Agenda();
            List<InstanceState> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(new InstanceState(new Report.Ready(Pools.instance("i" + i), 1)));
            }
            Map<Due, Integer> model = new HashMap<>();
            for (int step = 0; step < 200; step++) {
                InstanceState some = all.get(random.nextInt(all.size()));
                int at = random.nextInt(100);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        agenda.remove(some);
                        model.remove(some);
                    }
                    case 1 -> {
                        int earliest = model.values().stream()
                                .min(Comparator.naturalOrder())
                                .orElse(Integer.MAX_VALUE);
                        Due due = agenda.poll(ORIGIN + at);
                        if (due == null) {
                            assertThat(earliest).isGreaterThan(at);
                        } else {
                            assertThat(model.remove(due)).isEqualTo(earliest).isLessThanOrEqualTo(at);
                        }
                    }
                    default -> {
                        agenda.put(some, ORIGIN + at);
                        model.put(some, at);
                    }
                }
                assertThat(agenda.size()).isEqualTo(model.size());
            }
        });
    }
}

package dev.sandgate.affinity.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Choice;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Member.State;
import dev.sandgate.affinity.PlacementStrategy;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PlacementsTest {

    private static final List<State> STATES =
            List.of(State.READY, State.READY, State.READY, State.READY, State.COOLING, State.DRAINING, State.GONE);

    @ParameterizedTest
    @EnumSource
    void choosesAnOpenMemberWheneverThereIsOne(PlacementRule rule) {
        PlacementStrategy strategy = Placements.of(rule);
        Seeds.each(2_000, random -> {
            Fleet fleet = fleet(random);
            boolean anyOpen = fleet.members().stream().anyMatch(Member::open);
            Choice choice = strategy.choose(random.nextLong(), fleet);
            if (choice instanceof Choice.Chosen chosen) {
                assertThat(chosen.member().open()).isTrue();
                assertThat(fleet.members()).contains(chosen.member());
            } else {
                assertThat(anyOpen).isFalse();
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void choosesTheSameForTheSame(PlacementRule rule) {
        Seeds.each(500, random -> {
            Fleet fleet = fleet(random);
            long hash = random.nextLong();
            assertThat(Placements.of(rule).choose(hash, fleet))
                    .isEqualTo(Placements.of(rule).choose(hash, fleet));
        });
    }

    @Test
    void leastSessionsNeverPassesOverOneThatHoldsFewer() {
        Seeds.each(1_000, random -> {
            Fleet fleet = fleet(random);
            if (Placements.of(PlacementRule.LEAST_SESSIONS).choose(random.nextLong(), fleet)
                    instanceof Choice.Chosen chosen) {
                assertThat(fleet.members())
                        .noneMatch(member ->
                                member.open() && member.used() < chosen.member().used());
            }
        });
    }

    @Test
    void leastSessionsSpreadsOverEquals() {
        Fleet fleet = new Fleet(List.of(member("a", 9, 2), member("b", 9, 1), member("c", 9, 1), member("d", 9, 1)));
        Map<String, Integer> shares = shares(PlacementRule.LEAST_SESSIONS, fleet, 3_000);
        assertThat(shares).containsOnlyKeys("b", "c", "d");
        assertThat(shares.values()).allMatch(share -> share > 850 && share < 1_150);
    }

    @Test
    void packFillsTheFullestAndAmongEqualsTheOldest() {
        PlacementStrategy pack = Placements.of(PlacementRule.PACK);
        Fleet fleet = new Fleet(List.of(member("a", 9, 1), member("b", 9, 4), member("c", 9, 4), member("d", 5, 5)));
        assertThat(pack.choose(7, fleet)).isEqualTo(new Choice.Chosen(member("b", 9, 4)));
    }

    @Test
    void hashSpreadsEvenly() {
        Fleet fleet = fleet(10);
        assertThat(shares(PlacementRule.HASH, fleet, 10_000).values())
                .hasSize(10)
                .allMatch(share -> share > 850 && share < 1_150);
    }

    @Test
    void hashMovesOnlyTheShareOfAnInstanceThatLeaves() {
        PlacementStrategy hash = Placements.of(PlacementRule.HASH);
        Fleet all = fleet(10);
        Fleet without = new Fleet(all.members().subList(0, 9));
        for (int i = 0; i < 5_000; i++) {
            long id = SessionKey.hash("session-" + i);
            String before = chosen(hash, id, all);
            if (!before.equals("i9")) {
                assertThat(chosen(hash, id, without)).isEqualTo(before);
            }
        }
    }

    @Test
    void hashGoesOnToTheNextInTheOrderOfTheSessionWhenAnInstanceIsFull() {
        PlacementStrategy hash = Placements.of(PlacementRule.HASH);
        Seeds.each(200, random -> {
            long id = random.nextLong();
            List<Member> members = new ArrayList<>(fleet(6).members());
            List<String> order = new ArrayList<>();
            while (order.size() < 6) {
                String next = chosen(hash, id, new Fleet(members));
                order.add(next);
                members.replaceAll(it -> it.instance().id().equals(next) ? member(next, 10, 10) : it);
            }
            Set<String> gone = new HashSet<>(order.subList(0, 3));
            Fleet rest = new Fleet(fleet(6).members().stream()
                    .filter(it -> !gone.contains(it.instance().id()))
                    .toList());
            assertThat(chosen(hash, id, rest)).isEqualTo(order.get(3));
            assertThat(hash.choose(id, new Fleet(members))).isEqualTo(Choice.None.FULL);
        });
    }

    @Test
    void hashesAnIdAsItAlwaysDid() {
        assertThat(SessionKey.hash("")).isEqualTo(SessionKey.mix(0xcbf29ce484222325L));
        assertThat(Long.toHexString(SessionKey.hash("session-1"))).isEqualTo("f267abb32d450b1f");
    }

    private static Map<String, Integer> shares(PlacementRule rule, Fleet fleet, int sessions) {
        Map<String, Integer> shares = new HashMap<>();
        IntStream.range(0, sessions)
                .mapToObj(i -> chosen(Placements.of(rule), SessionKey.hash("session-" + i), fleet))
                .forEach(id -> shares.merge(id, 1, Integer::sum));
        return shares;
    }

    private static String chosen(PlacementStrategy strategy, long hash, Fleet fleet) {
        return ((Choice.Chosen) strategy.choose(hash, fleet))
                .member()
                .instance()
                .id();
    }

    private static Fleet fleet(int members) {
        return new Fleet(IntStream.range(0, members)
                .mapToObj(i -> member("i" + i, 10, 0))
                .toList());
    }

    private static Fleet fleet(Random random) {
        return new Fleet(IntStream.range(0, random.nextInt(8))
                .mapToObj(i -> new Member(
                        Pools.instance("i" + i),
                        STATES.get(random.nextInt(STATES.size())),
                        1 + random.nextInt(3),
                        random.nextInt(4)))
                .toList());
    }

    private static Member member(String id, int cap, int used) {
        return new Member(Pools.instance(id), State.READY, cap, used);
    }
}

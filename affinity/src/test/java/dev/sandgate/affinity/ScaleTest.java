package dev.sandgate.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Member.State;
import dev.sandgate.affinity.Scale.Stock;
import dev.sandgate.affinity.kit.Pools;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ScaleTest {

    private static final Scale SCALE = new Scale(1, 5, 4);

    @Test
    void startsAsManyAsTheWaitingNeedAndNoMore() {
        Scale sleeping = new Scale(0, 5, 4);
        assertThat(sleeping.toStart(stock(0), 0)).isZero();
        assertThat(sleeping.toStart(stock(0), 1)).isEqualTo(1);
        assertThat(sleeping.toStart(stock(0), 4)).isEqualTo(1);
        assertThat(sleeping.toStart(stock(0), 5)).isEqualTo(2);
        assertThat(sleeping.toStart(stock(0), 1000)).isEqualTo(5);
    }

    @Test
    void countsWhatIsOnItsWayAndWhatIsFree() {
        assertThat(SCALE.toStart(stock(1), 4)).isZero();
        assertThat(SCALE.toStart(stock(1), 5)).isEqualTo(1);
        assertThat(SCALE.toStart(stock(0, member(State.READY, 3)), 1)).isZero();
        assertThat(SCALE.toStart(stock(0, member(State.READY, 3)), 2)).isEqualTo(1);
        assertThat(SCALE.toStart(stock(0, member(State.COOLING, 0)), 1)).isEqualTo(1);
    }

    @Test
    void keepsTheLeastThatTakeSessions() {
        assertThat(SCALE.toStart(stock(0), 0)).isEqualTo(1);
        assertThat(SCALE.toStart(stock(0, member(State.READY, 4)), 0)).isZero();
        assertThat(SCALE.toStart(stock(0, member(State.DRAINING, 1)), 0)).isEqualTo(1);
        assertThat(SCALE.sparesOneOf(1)).isFalse();
        assertThat(SCALE.sparesOneOf(2)).isTrue();
    }

    @Test
    void neverExceedsTheMostWhateverIsWanted() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            int max = 1 + random.nextInt(20);
            Scale scale = new Scale(random.nextInt(max + 1), max, 1 + random.nextInt(5));
            List<Member> members = new ArrayList<>();
            for (int left = random.nextInt(max + 1); left > 0; left--) {
                State state =
                        List.of(State.READY, State.COOLING, State.DRAINING).get(random.nextInt(3));
                members.add(new Member(Pools.instance("i" + left), state, scale.perInstance(), random.nextInt(3)));
            }
            int starting = random.nextInt(3);
            Stock stock = new Stock(new Fleet(members), starting, members.size() + starting);
            int wanted = random.nextInt(200);
            int more = scale.toStart(stock, wanted);
            assertThat(more).as("seed %d", seed).isBetween(0, Math.max(0, max - stock.all()));
        }
    }

    private static Stock stock(int starting, Member... members) {
        return new Stock(new Fleet(List.of(members)), starting, starting + members.length);
    }

    private static Member member(State state, int used) {
        return new Member(Pools.instance(state + "-" + used), state, 4, used);
    }
}

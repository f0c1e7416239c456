package dev.sandgate.affinity.redis;

/** How messages fare: in rough times some meet a bad fate. And since when the world is calm. */
final class WorldWeather {

    /** What becomes of a message. */
    enum Fate {
        WELL,
        /** It is done, and nobody hears of it. */
        UNANSWERED,
        /** It is done when nobody waits for it any more. */
        LATE,
        /** It is done again a moment later. */
        TWICE
    }

    /** For so long after the last fault, nothing need be well. */
    private static final double AFTERMATH = 500;

    private final World world;
    private final double share;
    private boolean rough;
    private double calmSince;

    WorldWeather(World world) {
        this.world = world;
        this.share = world.between(0, 0.12);
    }

    Fate fate() {
        if (!rough || !world.chance(share)) {
            return Fate.WELL;
        }
        return Fate.values()[1 + world.random.nextInt(3)];
    }

    void begin() {
        world.note("rough");
        rough = true;
    }

    void end() {
        world.note("calm");
        rough = false;
        calmSince = world.now();
    }

    /** Whether no fault was for so long that everything must go well. */
    boolean settled() {
        return settledFor() >= 0;
    }

    /** Whether everything had to go well all the time since then. */
    boolean settledSince(double moment) {
        return !rough && moment >= calmSince + AFTERMATH;
    }

    private double settledFor() {
        return rough ? -1 : world.now() - calmSince - AFTERMATH;
    }
}

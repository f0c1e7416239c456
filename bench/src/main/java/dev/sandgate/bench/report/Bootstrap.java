package dev.sandgate.bench.report;

import java.util.Arrays;
import java.util.Random;

/**
 * How far a figure of two runs might have come out otherwise, by drawing their seconds anew. The seconds are drawn in
 * pairs, for the same scenario does the same in the same second; and in blocks that follow each other, for a slow second
 * seldom comes alone. The seed is fixed: the same two results give the same answer.
 */
final class Bootstrap {

    static final long SEED = 20261122;
    static final int DRAWS = 2_000;

    private static final double TAIL = 0.025;

    private final double[][] parts;
    private final double[][] wholes;
    private final int seconds;

    /**
     * A figure that is a sum of parts over a sum of wholes.
     *
     * @param parts of A and of B, for each second
     * @param wholes of A and of B, for each second
     */
    Bootstrap(double[][] parts, double[][] wholes) {
        this.parts = parts;
        this.wholes = wholes;
        this.seconds = Math.min(parts[0].length, parts[1].length);
    }

    /**
     * Where 95 % of the drawings lie.
     *
     * @param ratio whether these are B / A, or, where a drawing of A is 0, B - A
     */
    record Interval(boolean ratio, double low, double high) {

        /** Whether no difference at all lies in it. */
        boolean includesNone() {
            double none = ratio ? 1 : 0;
            return low <= none && none <= high;
        }
    }

    /** 0 where there is no whole. */
    double figure(int run) {
        double whole = Arrays.stream(wholes[run]).sum();
        return whole == 0 ? 0 : Arrays.stream(parts[run]).sum() / whole;
    }

    Interval interval() {
        Random random = new Random(SEED);
        double[] a = new double[DRAWS];
        double[] b = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            int[] drawn = draw(random);
            a[i] = figure(0, drawn);
            b[i] = figure(1, drawn);
        }
        boolean ratio = Arrays.stream(a).allMatch(figure -> figure > 0);
        double[] apart = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            apart[i] = ratio ? b[i] / a[i] : b[i] - a[i];
        }
        Arrays.sort(apart);
        int low = (int) (TAIL * DRAWS);
        return new Interval(ratio, apart[low], apart[DRAWS - 1 - low]);
    }

    private int[] draw(Random random) {
        int block = Math.max(1, (int) Math.round(Math.cbrt(seconds)));
        int[] drawn = new int[seconds];
        int start = 0;
        for (int i = 0; i < seconds; i++) {
            if (i % block == 0) {
                start = random.nextInt(seconds);
            }
            drawn[i] = (start + i % block) % seconds;
        }
        return drawn;
    }

    private double figure(int run, int[] drawn) {
        double part = 0;
        double whole = 0;
        for (int second : drawn) {
            part += parts[run][second];
            whole += wholes[run][second];
        }
        return whole == 0 ? 0 : part / whole;
    }
}

package dev.sandgate.policies.catalog;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.ByteBudget;
import dev.sandgate.conf.PolicyConfig.Concurrency;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.conf.PolicyConfig.SessionQuota;
import dev.sandgate.conf.PolicyConfig.Shed;

/** When on its way a request is asked; within a phase in the config's order. */
public enum Phase {
    /** Before its session is looked for: who may come in, and how often. */
    ADMIT,
    /** Once it is known of which session it is. */
    SESSION,
    /** Where it would open a session. */
    OPENING;

    /** The phase of a policy. */
    public static Phase of(PolicyConfig config) {
        if (config instanceof SessionQuota || config instanceof Shed) {
            return OPENING;
        }
        boolean limit = config instanceof RateLimit rate && bySession(rate.key());
        boolean atOnce = config instanceof Concurrency concurrency && bySession(concurrency.key());
        return limit || atOnce || config instanceof ByteBudget ? SESSION : ADMIT;
    }

    private static boolean bySession(PolicyConfig.Key key) {
        return key.parts().contains(PolicyConfig.Part.SESSION);
    }
}

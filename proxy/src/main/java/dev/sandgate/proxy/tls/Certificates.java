package dev.sandgate.proxy.tls;

import java.util.Collection;

/** Where certificates go that are got at run time: every TLS listener serves them from the next handshake on. */
@FunctionalInterface
public interface Certificates {

    /**
     * These are all that there is of this origin, in the place of what it had before. Any thread.
     *
     * @param origin whose they are: a folder, operators, the authority
     */
    void replace(String origin, Collection<CertifiedKey> keys);
}

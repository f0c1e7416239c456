package dev.sandgate.policies.auth;

import dev.sandgate.policies.Seen;

/** One way of telling who calls. Any event loop; never blocks. */
interface Authenticator extends AutoCloseable {

    /** What the request's credential of this kind tells. */
    Finding find(Seen seen);

    /** Gives back what it holds; what waits is told that nothing will come. Does not block. */
    @Override
    void close();
}

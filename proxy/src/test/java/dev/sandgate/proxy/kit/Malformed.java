package dev.sandgate.proxy.kit;

import java.io.IOException;

/** A message that is not what RFC 9112 lets a sender write. */
public final class Malformed extends IOException {

    private static final long serialVersionUID = 1;

    public Malformed(String what) {
        super(what);
    }
}

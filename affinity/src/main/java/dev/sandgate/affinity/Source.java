package dev.sandgate.affinity;

/** The kind of place a session id was read from. Ids of two kinds never meet. */
public enum Source {
    HEADER(true),
    COOKIE(false),
    QUERY(true),
    PATH(true),
    HOST(true),
    PRINCIPAL(true),
    MCP(false);

    private final boolean clientChosen;

    Source(boolean clientChosen) {
        this.clientChosen = clientChosen;
    }

    /**
     * Whether the client makes the id. Then the principal is part of its name, so that nobody can take another's id
     * first; otherwise an instance or we made it, and the principal is checked on use.
     */
    public boolean clientChosen() {
        return clientChosen;
    }
}

package dev.sandgate.proxy.shelf;

/** A record that stands on its shelf, but that none of this node's keys opens. Carries no stack. */
public final class UnreadableRecord extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long version;

    UnreadableRecord(String kind, String name, long version) {
        super(
                "the record " + name + " of " + kind + " cannot be opened"
                        + " (expected: one that a key of table.keys sealed)",
                null,
                false,
                false);
        this.version = version;
    }

    /** Its version, which whoever replaces or removes it must name. */
    public long version() {
        return version;
    }
}

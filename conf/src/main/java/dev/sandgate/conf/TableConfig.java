package dev.sandgate.conf;

/** Where bindings live. */
public sealed interface TableConfig {

    /** In this node's memory: gone when it stops. One node only. */
    record Memory() implements TableConfig {}
}

/**
 * The demo sandbox and the load tests. Knows only the wire: nothing of the other rooms is used here. Runs in its own
 * process, or beside the door in tests.
 */
@NullMarked
package dev.sandgate.bench;

import org.jspecify.annotations.NullMarked;

/** Makes the load of a scenario, times it, and has it judged. All of a session's life is on one event loop. */
@NullMarked
package dev.sandgate.bench.load;

import org.jspecify.annotations.NullMarked;

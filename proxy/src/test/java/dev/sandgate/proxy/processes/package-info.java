/** Process pools with real processes: started, counted, killed, and never left behind. */
@NullMarked
package dev.sandgate.proxy.processes;

import org.jspecify.annotations.NullMarked;

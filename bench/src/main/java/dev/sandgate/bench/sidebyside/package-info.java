/**
 * Doors side by side: the same load for each of them, in turn, round after round. A plan and the contenders' folders enter,
 * tables leave. Blocks the thread that it is called on. Installs nothing.
 */
@NullMarked
package dev.sandgate.bench.sidebyside;

import org.jspecify.annotations.NullMarked;

/**
 * Where a new session goes: the strategies, and the one list of them by config name. A hash and a fleet enter, a choice
 * leaves. Pure functions, any thread.
 */
@NullMarked
package dev.sandgate.affinity.placement;

import org.jspecify.annotations.NullMarked;

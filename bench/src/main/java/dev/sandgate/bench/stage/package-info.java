/** What the bench starts, watches, breaks on purpose, and ends: sandboxes, doors, Redis. These calls block. */
@NullMarked
package dev.sandgate.bench.stage;

import org.jspecify.annotations.NullMarked;

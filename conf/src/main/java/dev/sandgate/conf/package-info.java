/**
 * What an operator writes: the records a config file becomes, and the one reader that checks it. Text enters; either
 * a whole {@code SandgateConfig} or every problem at once leaves. Knows no other room. Immutable records, any thread.
 */
@NullMarked
package dev.sandgate.conf;

import org.jspecify.annotations.NullMarked;

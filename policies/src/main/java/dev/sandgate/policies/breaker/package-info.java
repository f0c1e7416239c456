/**
 * Which instances are left alone for a while, because they fail or are slow. How each request ended goes in; whether the
 * next may go there comes out. Any thread.
 */
@NullMarked
package dev.sandgate.policies.breaker;

import org.jspecify.annotations.NullMarked;

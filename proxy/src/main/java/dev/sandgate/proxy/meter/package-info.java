/**
 * What requests add up to: counts and durations, written by each loop for itself, summed by whoever reads them. In come
 * numbers of routes and reasons, out go totals; nothing of a request is kept, and nothing is allocated to count one.
 */
@NullMarked
package dev.sandgate.proxy.meter;

import org.jspecify.annotations.NullMarked;

/** What a result looks like to people: one page of HTML, and two results side by side. Reads nothing but results. */
@NullMarked
package dev.sandgate.bench.report;

import org.jspecify.annotations.NullMarked;

/** The request's way, from accept to settle: routes, identifies, places, forwards and settles exactly once. All of a request happens on its connection's event loop. */
@NullMarked
package dev.sandgate.proxy.request;

import org.jspecify.annotations.NullMarked;

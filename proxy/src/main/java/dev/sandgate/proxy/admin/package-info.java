/**
 * The operator's listener: pools, instances and sessions as JSON, metrics, liveness and readiness. Reads all, and changes
 * the table alone. Answers are made on worker threads; no session id and no token is in one.
 */
@NullMarked
package dev.sandgate.proxy.admin;

import org.jspecify.annotations.NullMarked;

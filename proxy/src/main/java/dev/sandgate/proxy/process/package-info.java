/**
 * Processes of this machine as instances: started, written down, watched, ended with all that they started. Knows
 * operating-system processes and files, nothing of sessions. What blocks says so; nothing here runs on an event loop.
 */
@NullMarked
package dev.sandgate.proxy.process;

import org.jspecify.annotations.NullMarked;

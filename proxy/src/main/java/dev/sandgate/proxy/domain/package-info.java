/**
 * Domains that operators add while the node runs: which route or pool each leads to, whose session it shares, which
 * certificate it has. They stand on shelves; every node follows them. Any thread; nothing here is asked for a request.
 */
@NullMarked
package dev.sandgate.proxy.domain;

import org.jspecify.annotations.NullMarked;

/** Several nodes over one table in a real Redis behave as one. */
package dev.sandgate.proxy.nodes;

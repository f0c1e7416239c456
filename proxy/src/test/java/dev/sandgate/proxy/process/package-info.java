/** The processes of a node, without a door around them. */
@org.jspecify.annotations.NullMarked
package dev.sandgate.proxy.process;

/** Spring Cloud Gateway as a contender: sticky by a field, by a load balancer of its own. */
package dev.sandgate.sidebyside;

package dev.sandgate.proxy.inbound;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;

/**
 * Whom a listener believes what they say of the client. Any thread.
 *
 * @param ranges addresses of the proxies in front of us
 */
public record TrustedProxies(List<IPAddress> ranges) {

    /** Whether this is the address of one; text that is no address is not. */
    public boolean contains(String address) {
        IPAddress parsed = ranges.isEmpty() ? null : new IPAddressString(address).getAddress();
        return parsed != null && contains(parsed);
    }

    /** Whether this is the address of one. */
    public boolean contains(IPAddress parsed) {
        for (IPAddress range : ranges) {
            if (range.toPrefixBlock().contains(parsed)) {
                return true;
            }
        }
        return false;
    }
}

package dev.sandgate.policies.auth;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.List;
import java.util.Optional;

/**
 * The address of a client, to be looked up in ranges.
 *
 * @param address an IPv4 address in IPv6's clothes is the IPv4 address (RFC 4291 section 2.5.5.2); empty: nobody can read it
 */
record ClientAddress(Optional<IPAddress> address) {

    static ClientAddress of(String text) {
        IPAddress read = new IPAddressString(text).getAddress();
        if (read instanceof IPv6Address six && six.isIPv4Mapped()) {
            return new ClientAddress(Optional.of(six.getEmbeddedIPv4Address()));
        }
        return new ClientAddress(Optional.ofNullable(read));
    }

    /** Whether one of these has it. */
    boolean isIn(List<IPAddress> ranges, boolean whenUnreadable) {
        if (address.isEmpty()) {
            return whenUnreadable;
        }
        for (IPAddress range : ranges) {
            if (range.contains(address.get())) {
                return true;
            }
        }
        return false;
    }
}

package dev.sandgate.conf;

import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.ipv6.IPv6Address;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Shapes of IP addresses, blocks of them, and names of hosts. */
final class Addresses {

    /** An IP address in its one usual spelling, or a name in lower case. */
    static final Shape<String> HOST = Shape.of("an IP address or a host name", Addresses::readHost);

    static final Shape<IPAddress> BLOCK =
            Shape.of("an IP address or a CIDR block such as \"10.0.0.0/8\"", Addresses::readBlock);

    /** The address of one machine. */
    static final Shape<String> MACHINE = Shape.of("an IP address such as \"10.0.0.5\"", Addresses::readMachine);

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*");
    /** A name that ends in a number is an address in disguise, or a slip: 10.0.0.256, 127.1, 0x7f000001. */
    private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)");

    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:.]{2,45}(/(0|[1-9][0-9]{0,2}))?");
    private static final Pattern WITH_PORT = Pattern.compile("(\\[.*\\]|[^:\\[]*):[0-9]+");

    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowWildcardedSeparator(false)
            .allowEmpty(false)
            .allowAll(false)
            .allowSingleSegment(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .setRangeOptions(RangeParameters.NO_RANGE)
            .getIPv4AddressParametersBuilder()
            .allow_inet_aton(false)
            .allowLeadingZeros(false)
            .allowBinary(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowZone(false)
            .allowBase85(false)
            .allowBinary(false)
            .getParentBuilder()
            .toParams();

    private Addresses() {}

    /** An address, or one with a prefix length; strictly as people write them. */
    static Optional<IPAddress> address(String text) {
        return ADDRESS.matcher(text).matches()
                ? Optional.ofNullable(new IPAddressString(text, STRICT).getAddress())
                : Optional.empty();
    }

    /** The host in its one spelling: {@code ::1}, {@code 10.0.0.1}, {@code example.com}. */
    static Optional<String> host(String text) {
        Optional<IPAddress> address = text.contains("/") ? Optional.empty() : address(text);
        if (address.isPresent()) {
            return Optional.of(address.get().toCompressedString());
        }
        boolean name =
                NAME.matcher(text).matches() && !ENDS_IN_A_NUMBER.matcher(text).matches();
        return name ? Optional.of(text.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** The same, as a url has it: an IPv6 address in brackets. */
    static Optional<String> hostOfUrl(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        return host(bracketed ? text.substring(1, text.length() - 1) : text)
                .filter(spelled -> bracketed == spelled.contains(":"))
                .map(spelled -> bracketed ? "[" + spelled + "]" : spelled);
    }

    /** Whether only this machine reaches what listens there. */
    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || address(host).map(IPAddress::isLoopback).orElse(false);
    }

    /** Whether something that listens on one of these hosts is in the way of the other, on the same port. */
    static boolean overlap(String one, String other) {
        return one.equals(other) || covers(one, other) || covers(other, one);
    }

    private static boolean covers(String wide, String host) {
        if (wide.equals("::")) {
            return true;
        }
        return wide.equals("0.0.0.0")
                && address(host)
                        .map(address -> !(address instanceof IPv6Address))
                        .orElse(true);
    }

    private static Optional<String> readHost(Value value) {
        Optional<String> text = value.text(HOST.expected());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> host = host(text.get());
        return host.isPresent() ? host : value.refuse(HOST.expected(), hint(text.get()));
    }

    private static String hint(String text) {
        if (WITH_PORT.matcher(text).matches()) {
            return "; the port has a key of its own";
        }
        return text.startsWith("[") ? ", without brackets" : "";
    }

    private static Optional<String> readMachine(Value value) {
        Optional<String> text = value.text(MACHINE.expected());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<IPAddress> address = address(text.get()).filter(fit -> !fit.isPrefixed());
        if (address.isEmpty()) {
            return value.refuse(MACHINE.expected(), hint(text.get()));
        }
        return address.get().isZero() || address.get().isMulticast()
                ? value.refuse(MACHINE.expected(), "; this one leads to no machine")
                : Optional.of(address.get().toCompressedString());
    }

    private static Optional<IPAddress> readBlock(Value value) {
        Optional<String> text = value.text(BLOCK.expected());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<IPAddress> block = address(text.get());
        if (block.isEmpty()) {
            return value.refuse(BLOCK.expected());
        }
        IPAddress whole = block.get().isPrefixed() ? block.get().toPrefixBlock() : block.get();
        boolean hostBits = !text.get().endsWith(":")
                && !whole.getLower().equals(block.get().getLower());
        return hostBits
                ? value.refuse(BLOCK.expected(), "; did you mean \"" + whole.toCompressedString() + "\"?")
                : Optional.of(whole);
    }
}

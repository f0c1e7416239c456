package dev.sandgate.proxy.tls;

import dev.sandgate.proxy.kit.Authority;
import dev.sandgate.proxy.kit.Authority.Signed;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** A program that measures the heap of a domain: its key, a chain of two, and its place among the names. */
final class DomainMemory {

    // more than the JDK keeps of the certificates that it read last
    private static final int OTHERS = 1_000;

    private DomainMemory() {}

    /**
     * Prints what they take.
     *
     * @param args how many domains
     */
    public static void main(String[] args) throws FlawedKey {
        Authority authority = new Authority("domains");
        List<PemText[]> domains = texts(authority, "d", Integer.parseInt(args[0]));
        List<PemText[]> others = texts(authority, "o", OTHERS);
        read(others);
        long before = usedHeap();
        KeysByName names = new KeysByName(1, List.of(), List.of(read(domains)));
        read(others);
        long each = (usedHeap() - before) / domains.size();
        System.out.println("heap of each of " + names.all().size() + " domains: " + each + " bytes");
    }

    private static List<PemText[]> texts(Authority authority, String name, int count) {
        List<PemText[]> texts = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            Signed signed = authority.sign(name + at + ".many.test");
            texts.add(new PemText[] {new PemText("a.pem", signed.chainPem()), new PemText("a.key", signed.keyPem())});
        }
        return texts;
    }

    private static List<CertifiedKey> read(List<PemText[]> texts) throws FlawedKey {
        List<CertifiedKey> keys = new ArrayList<>();
        for (PemText[] each : texts) {
            keys.add(KeyReader.pem(each[0], each[1]));
        }
        return keys;
    }

    private static long usedHeap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}

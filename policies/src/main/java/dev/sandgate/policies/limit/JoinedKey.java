package dev.sandgate.policies.limit;

/** Two keys that are one. In an order, so that a hash map is quick even where a client finds many with the same hash. */
record JoinedKey(Object first, Object second) implements Comparable<JoinedKey> {

    @Override
    public int compareTo(JoinedKey other) {
        int byFirst = compare(first, other.first);
        return byFirst != 0 ? byFirst : compare(second, other.second);
    }

    private static int compare(Object one, Object other) {
        if (one instanceof String text && other instanceof String another) {
            return text.compareTo(another);
        } else if (one instanceof Network network && other instanceof Network another) {
            return network.compareTo(another);
        } else if (one instanceof JoinedKey joined && other instanceof JoinedKey another) {
            return joined.compareTo(another);
        }
        return one.getClass().getName().compareTo(other.getClass().getName());
    }
}

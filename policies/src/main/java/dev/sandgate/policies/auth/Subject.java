package dev.sandgate.policies.auth;

/** Names of callers, as they become part of sessions' keys. */
final class Subject {

    private static final int LONGEST = 1024;

    private Subject() {}

    /** Whether it is a name at all: not empty, at most 1,024 characters, none of which is a control. */
    static boolean isFit(String name) {
        return !name.isBlank() && name.length() <= LONGEST && name.chars().noneMatch(Character::isISOControl);
    }
}

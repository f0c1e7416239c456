package dev.sandgate.affinity.redis;

/** The scripts of the table: what they share, then what each does. */
final class Scripts {

    static final Script OPEN = of("open");
    static final Script FIND = of("find");
    static final Script RESERVE = of("reserve");
    static final Script EXTEND = of("extend");
    static final Script RELEASE = of("release");
    static final Script CONFIRM = of("confirm");
    static final Script REBIND = of("rebind");
    static final Script ABANDON = of("abandon");
    static final Script END = of("end");
    static final Script TOUCH = of("touch");
    static final Script REPORT = of("report");
    static final Script BEAT = of("beat");
    static final Script LIST = of("list");
    static final Script SEARCH = of("search");
    static final Script LEAVE = of("leave");
    static final Script UNDO = of("undo");
    static final Script BURY = of("bury");
    static final Script ASSERT = of("assert");
    static final Script ADOPT = of("adopt");
    static final Script SHELF = Script.read("shelf");

    private Scripts() {}

    private static Script of(String name) {
        return Script.read("pool", "sessions", "slots", "placement", name);
    }
}

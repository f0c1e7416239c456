package dev.sandgate.affinity;

/**
 * Whether a table does its work now.
 *
 * @param admits whether new sessions can be opened
 * @param why what is wrong, for an operator; empty where nothing is
 */
public record Condition(boolean admits, String why) {

    public static final Condition WELL = new Condition(true, "");
}

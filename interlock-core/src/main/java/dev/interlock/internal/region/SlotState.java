package dev.interlock.internal.region;

/**
 * The state word of a slot in the process table: generation in the upper half, one of these in the lower.
 *
 * <pre>
 * FREE(g)    -> JOINING(g)  by a process that joins, under the join lock
 * JOINING(g) -> ALIVE(g)    by the same process, when its liveness file exists and is locked
 * JOINING(g) -> FREE(g)     by the next process that holds the join lock: the one that joined died meanwhile
 * ALIVE(g)   -> DYING(g)    by anybody who proved the process dead, or by itself when it leaves
 * DYING(g)   -> FREE(g+1)   when no word of the region names the slot any more: by the same process while it lives, unless it failed; else by anybody
 * </pre>
 */
final class SlotState {
    static final int FREE = 0;
    static final int JOINING = 1;
    static final int ALIVE = 2;
    static final int DYING = 3;

    private SlotState() {}
}

package io.regent.docker.lab.check;

/** What must be true, whatever fails. */
public enum Invariant {
    /** No two regions take writes at the same instant. */
    AT_MOST_ONE_MASTER("AtMostOneMaster", "no two regions take writes at the same instant"),
    /** What a server acknowledges after it wakes, or is opened by hand, is bounded, stranded and named. */
    OVERLAP_BOUNDED(
            "OverlapBounded",
            "what a server acknowledges that wakes, or that is opened by hand, is bounded, and stranded"),
    /** No acknowledged write is lost in silence. */
    NO_LOSS("NoLoss", "every acknowledged write is present, held, released, or named as lost"),
    /** No row refers to a parent other than the one it was written for. */
    NO_ADOPTION("NoAdoption", "no row refers to another parent than the one it was written for"),
    /** A transaction is applied whole, once. */
    EXACTLY_ONCE("ExactlyOnce", "every transaction is applied whole, and once"),
    /** Causes are seen before effects. */
    CAUSAL_ORDER("CausalOrder", "no region shows an effect before its cause"),
    /** All regions hold the same rows. */
    CONVERGENCE("Convergence", "all regions hold the same rows"),
    /** Money is moved, not made. */
    CONSTANT_SUM("ConstantSum", "the sum over all accounts is the same in every snapshot of every region"),
    /** What was deleted stays so. */
    NO_RESURRECTED_DELETE("NoResurrectedDelete", "no deleted row comes back"),
    /** A unique value has one owner at a time. */
    UNIQUE_KEY("UniqueKey", "a unique value has one owner at a time"),
    /** No row is there that no history can produce. */
    INTEGRITY("Integrity", "no row is there twice or without its parent");

    private final String title;
    private final String meaning;

    Invariant(String title, String meaning) {
        this.title = title;
        this.meaning = meaning;
    }

    /** Its name in reports. */
    public String title() {
        return title;
    }

    /** What it says, in a sentence. */
    public String meaning() {
        return meaning;
    }
}

package io.regent.replicator.apply;

import io.regent.replicator.transaction.SourceTransaction;
import io.regent.replicator.transaction.Step;
import java.util.List;

/**
 * What is sent for a transaction of rows, or of nothing, packet by packet.
 *
 * <p>BINLOG is always the last statement of its packet: MySQL runs what stands behind it and loses track of its results
 * (8.0.33, tried). So rows that go with their COMMIT go without one: outside BEGIN a single BINLOG statement commits
 * itself, whole or not at all.
 */
final class PacketText {
    private PacketText() {}

    /**
     * Whether all of it, with its COMMIT, can go in one packet.
     *
     * @param texts its steps as statements
     */
    static boolean fitsOne(SourceTransaction transaction, List<String> texts) {
        return texts.isEmpty()
                || (texts.size() == 1 && transaction.steps().stream().allMatch(Step.Rows.class::isInstance));
    }

    /** All of it; the last statement commits. */
    static String whole(SourceTransaction transaction, List<String> texts) {
        return identity(transaction) + "; " + (texts.isEmpty() ? "BEGIN; COMMIT" : texts.get(0));
    }

    /** Its first packet, without COMMIT. */
    static String beginning(SourceTransaction transaction, List<String> texts) {
        String begin = identity(transaction) + "; BEGIN";
        return texts.isEmpty() ? begin : begin + "; " + texts.get(0);
    }

    /** The packets between its first and its COMMIT. */
    static List<String> afterBeginning(List<String> texts) {
        return texts.isEmpty() ? texts : texts.subList(1, texts.size());
    }

    /** Takes the GTID, waiting for whoever has it; if it is executed, MySQL passes over what follows. */
    static String identity(SourceTransaction transaction) {
        return "SET gtid_next='" + transaction.gtid() + "', original_commit_timestamp="
                + transaction.originalCommitMicros() + ", original_server_version="
                + transaction.originalServerVersion();
    }
}

package io.regent.docker.lab.report.result;

/**
 * A change of master as the clients felt it.
 *
 * @param planned whether somebody ordered it; else it was a failover
 * @param from the region that was master
 * @param to the region that became master
 * @param epoch its epoch
 * @param atMillis when the old master acknowledged its last write
 * @param pauseMillis from then to the first write that the new one acknowledged; negative if answers crossed
 * @param stranded what was lost of what the old master had acknowledged
 */
public record MasterChange(
        boolean planned, String from, String to, long epoch, long atMillis, long pauseMillis, Stranded stranded) {
    /**
     * Acknowledged writes that the new master does not have as they were written.
     *
     * @param writes how many
     * @param millis how long before the last write the first of them was acknowledged; 0 if there is none
     */
    public record Stranded(long writes, long millis) {
        /** Nothing. */
        public static final Stranded NOTHING = new Stranded(0, 0);
    }
}

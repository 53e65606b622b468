package io.regent.docker.lab.history;

import io.regent.sql.gtid.Gtid;
import java.util.Optional;

/** Writes as tests make them up; times are in milliseconds. */
public final class Writes {
    private Writes() {}

    /** A write of no meaning. */
    public static Write acknowledged(String region, Gtid gtid) {
        return new Write(0, 1, 1, Intent.to("stage"), Reply.acknowledged(Optional.of(gtid)), new Place(region, 1, ""));
    }

    /** One that a region acknowledged to a client who knew of this epoch. */
    public static Write acknowledged(String region, long epoch, Gtid gtid, long start, long end) {
        return of(Intent.to("stage"), Reply.acknowledged(Optional.of(gtid)), start, end, new Place(region, epoch, ""));
    }

    /** Any. */
    public static Write of(Intent intent, Reply reply, long start, long end, Place place) {
        return new Write(start * 1_000_000, end * 1_000_000, 1, intent, reply, place);
    }
}

package io.regent.coordinator.probe;

import io.regent.failover.view.LocalState;
import io.regent.failover.view.OwnServer;
import io.regent.failover.view.Remains;
import io.regent.replicator.salvage.BinlogFiles;
import io.regent.sql.session.ServerPlace;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server leaves behind when it dies: read once, for nothing can be added to it before it is started again, and then
 * there is a new file.
 */
final class Estate {
    private static final Logger LOG = LoggerFactory.getLogger(Estate.class);

    private final boolean handedOut;
    private @Nullable ServerPlace place;
    private long openedEpoch;
    private String told = "";
    private @Nullable BinlogFiles unreadable;
    private @Nullable OwnServer dead;
    private volatile @Nullable BinlogFiles files;

    /** @param handedOut whether anybody could ask for what is left behind */
    Estate(boolean handedOut) {
        this.handedOut = handedOut;
    }

    /** To be called while the server answers, with where its files are. */
    void learn(ServerPlace where) {
        place = where;
    }

    /** It answers. */
    void lives(OwnServer seen) {
        LocalState state = Objects.requireNonNull(seen.state());
        openedEpoch = state.recorded().openedEpoch();
        dead = null;
        files = null;
        unreadable = null;
    }

    /** It is proven dead. */
    OwnServer dead() {
        ServerPlace where = place;
        if (where == null || !handedOut) {
            return OwnServer.DEAD;
        }
        try {
            BinlogFiles left = BinlogFiles.of(where.binlogIndex(), where.dataDirectory());
            if (left.equals(unreadable)) {
                return OwnServer.DEAD;
            }
            OwnServer known = dead;
            if (known == null || !left.equals(files)) {
                unreadable = left; // until it was read
                Remains remains = new Remains(left.executed(), openedEpoch);
                LOG.info("the own MySQL is dead; its binlog files hold {}", remains.executed());
                known = OwnServer.dead(remains);
                dead = known;
                files = left;
                unreadable = null;
            }
            return known;
        } catch (IOException e) {
            tellOnce("the own MySQL is dead, and its binlog files cannot be read: " + e.getMessage());
            files = null;
            return OwnServer.DEAD;
        }
    }

    private void tellOnce(String what) {
        if (!what.equals(told)) {
            told = what;
            LOG.warn("{}", what);
        }
    }

    /** Its files while it is dead and they can be read. */
    Optional<BinlogFiles> files() {
        return Optional.ofNullable(files);
    }
}

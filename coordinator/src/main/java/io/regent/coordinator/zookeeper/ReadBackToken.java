package io.regent.coordinator.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs.Ids;

/**
 * A znode of the coordinator's own whose version is checked by every attempt on {@code /master} of it. Reading back sets
 * it, so that whatever was sent before and is still on its way somewhere can never take effect afterwards.
 *
 * <p>Writing "anything" would not do. ZooKeeper drops what lingers in an older connection of the same session, but not
 * what lingers in the connection of a session that the client gave up before it expired, or of the process that was
 * killed before this one [the compare-and-set is read back as not done, decided anew, and then done].
 */
final class ReadBackToken {
    private final String path;
    private final byte[] bytes;
    private int version = NONE;

    private static final int NONE = -1;

    ReadBackToken(String path, String coordinator) {
        this.path = path;
        this.bytes = ("{\"format\":1,\"coordinator\":\"" + coordinator + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    String path() {
        return path;
    }

    /** The version that the last answered read-back gave it; empty if the next write must read back first. */
    OptionalInt version() {
        return version == NONE ? OptionalInt.empty() : OptionalInt.of(version);
    }

    /** An attempt went unanswered or was refused: nothing is written until the next read-back was answered. */
    void forget() {
        version = NONE;
    }

    /** Sets it, or creates it for a coordinator that is new here. */
    Written readBack(Session session) {
        forget();
        Written written = session.multi(List.of(Op.setData(path, bytes, -1)));
        if (written instanceof Written.Refused) {
            written = session.multi(List.of(Op.create(path, bytes, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT)));
        }
        if (written instanceof Written.Ok ok) {
            version = ok.version();
        }
        return written;
    }
}

package io.regent.coordinator.cli.mastership;

import java.nio.file.Path;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A ZooKeeper for the clusters that a class of tests plays, each under a name of its own. */
abstract class StageFixture {
    @TempDir
    static Path directory;

    static TestingServer zookeeper;

    @BeforeAll
    static void startZooKeeper() throws Exception {
        zookeeper = new TestingServer(true);
    }

    @AfterAll
    static void stopZooKeeper() throws Exception {
        zookeeper.close();
    }

    /** A cluster that was founded, and whose coordinators are not there yet. */
    static Stage stage(String cluster) {
        return new Stage(zookeeper.getConnectString(), cluster, directory);
    }
}

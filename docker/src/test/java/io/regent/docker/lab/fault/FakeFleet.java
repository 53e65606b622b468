package io.regent.docker.lab.fault;

import io.regent.docker.lab.fleet.Daemon;
import io.regent.docker.lab.fleet.Fleet;
import io.regent.docker.lab.fleet.FleetException;
import io.regent.docker.lab.fleet.FleetSettings;
import io.regent.docker.lab.fleet.Links;
import io.regent.docker.lab.fleet.Member;
import io.regent.docker.lab.fleet.Network;
import io.regent.docker.lab.fleet.Node;
import io.regent.docker.lab.fleet.Server;
import io.regent.docker.lab.fleet.WallClock;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Three regions of which nothing exists; what is done to them is written down. */
final class FakeFleet implements Fleet {
    final List<String> done = Collections.synchronizedList(new ArrayList<>());
    final List<List<Network.Cut>> cuts = new ArrayList<>();

    private final boolean networked;
    private final List<FakeNode> nodes =
            Stream.of("phx1", "aws1", "aws2").map(FakeNode::new).toList();

    /** With a network and an ensemble of ZooKeeper servers, or without. */
    FakeFleet(boolean networked) {
        this.networked = networked;
    }

    class FakeMember implements Member {
        private final String name;
        boolean alive = true;
        boolean stubborn;

        FakeMember(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        private void record(String what, boolean aliveThen) {
            done.add(what + " " + name);
            alive = aliveThen;
        }

        @Override
        public void start() {
            record("start", true);
        }

        @Override
        public void stop() {
            record("stop", false);
        }

        @Override
        public void kill() {
            record("kill", false);
        }

        @Override
        public void suspend() {
            if (stubborn || !alive) {
                throw new FleetException(name + " cannot be suspended");
            }
            record("suspend", alive);
        }

        @Override
        public void resume() {
            record("resume", alive);
        }
    }

    private final class FakeServer extends FakeMember implements Server {
        FakeServer(String region) {
            super("mysqld " + region);
        }

        @Override
        public ServerAddress address() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Sessions sessions() {
            throw new UnsupportedOperationException();
        }
    }

    private final class FakeDaemon extends FakeMember implements Daemon {
        FakeDaemon(String region) {
            super("coordinator of " + region);
        }

        @Override
        public ServerAddress http() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Path log() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean hasFailed() {
            return false;
        }

        @Override
        public OptionalLong exitCode() {
            return OptionalLong.empty();
        }

        @Override
        public FleetException failed(String what) {
            return new FleetException(what);
        }
    }

    final class FakeNode implements Node {
        private final String name;
        private final FakeServer server;
        private final FakeDaemon daemon;
        private final FakeMember ensemble;

        FakeNode(String name) {
            this.name = name;
            this.server = new FakeServer(name);
            this.daemon = new FakeDaemon(name);
            this.ensemble = new FakeMember("ZooKeeper of " + name);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Server mysql() {
            return server;
        }

        @Override
        public FakeDaemon coordinator() {
            return daemon;
        }

        @Override
        public Optional<Member> zookeeper() {
            return networked ? Optional.of(ensemble) : Optional.empty();
        }

        @Override
        public Links links() {
            return new Links() {
                @Override
                public void hold() {
                    done.add("hold " + name);
                }

                @Override
                public void release() {
                    done.add("release " + name);
                }
            };
        }

        @Override
        public Optional<WallClock> clock() {
            return networked
                    ? Optional.of(offset -> done.add("clock of " + name + " " + offset.toHours() + " h"))
                    : Optional.empty();
        }

        @Override
        public void kill() {
            throw new UnsupportedOperationException();
        }
    }

    /** The coordinator of a region ends by itself. */
    void end(String region) {
        ((FakeNode) node(region)).coordinator().alive = false;
    }

    /** The coordinator of a region cannot be suspended. */
    void defy(String region) {
        ((FakeNode) node(region)).coordinator().stubborn = true;
    }

    @Override
    public FleetSettings settings() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ServerAddress> zookeepers() {
        return List.of();
    }

    @Override
    public List<? extends Node> nodes() {
        return nodes;
    }

    @Override
    public Optional<Network> network() {
        return networked ? Optional.of(new FakeNetwork()) : Optional.empty();
    }

    private final class FakeNetwork implements Network {
        @Override
        public void cut(List<Cut> all) {
            cuts.add(List.copyOf(all));
        }

        @Override
        public void limit(String region, int kilobits) {
            done.add((kilobits > 0 ? "limit " : "no limit for ") + region);
        }
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}

package io.regent.docker.lab.process;

import io.regent.docker.lab.fleet.Server;
import io.regent.sql.local.LocalMysql;
import io.regent.sql.session.ServerAddress;
import io.regent.sql.session.Sessions;
import java.nio.file.Path;
import java.util.Optional;

/** A mysqld of this machine. */
public final class ProcessServer implements Server {
    private final LocalMysql mysql;
    private final Runnable changed;

    ProcessServer(LocalMysql mysql, Runnable changed) {
        this.mysql = mysql;
        this.changed = changed;
    }

    @Override
    public String name() {
        return "mysqld " + mysql.name();
    }

    @Override
    public boolean isAlive() {
        return mysql.isAlive();
    }

    @Override
    public void start() {
        mysql.start();
        changed.run();
    }

    @Override
    public void stop() {
        mysql.stop();
    }

    @Override
    public void kill() {
        mysql.kill();
    }

    @Override
    public void suspend() {
        mysql.suspend();
    }

    @Override
    public void resume() {
        mysql.resume();
    }

    @Override
    public ServerAddress address() {
        return mysql.address();
    }

    @Override
    public Sessions sessions() {
        return mysql.sessions();
    }

    @Override
    public Optional<Path> dataDirectory() {
        return Optional.of(mysql.dataDirectory());
    }

    /** Its process; there is none unless it is alive. */
    long pid() {
        return mysql.pid();
    }

    void close() {
        mysql.close();
    }

    @Override
    public String toString() {
        return "mysqld " + pid() + " at " + address();
    }
}

package io.regent.docker.lab.process;

import io.regent.docker.lab.fleet.JavaProcess;
import io.regent.docker.lab.fleet.Node;
import java.util.Optional;

/** One region as processes of this machine. */
public final class ProcessNode implements Node {
    private final String name;
    private final ProcessServer mysql;
    private final ProcessDaemon coordinator;
    private final Proxy links;

    ProcessNode(String name, ProcessServer mysql, ProcessDaemon coordinator, Proxy links) {
        this.name = name;
        this.mysql = mysql;
        this.coordinator = coordinator;
        this.links = links;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ProcessServer mysql() {
        return mysql;
    }

    @Override
    public ProcessDaemon coordinator() {
        return coordinator;
    }

    @Override
    public Proxy links() {
        return links;
    }

    @Override
    public void kill() {
        Optional<ProcessHandle> daemon = coordinator.process().map(JavaProcess::handle);
        if (mysql.isAlive()) {
            ProcessHandle.of(mysql.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
        daemon.ifPresent(ProcessHandle::destroyForcibly);
        mysql.kill();
        coordinator.kill();
    }

    /** Ends all of it at once. */
    void close() {
        coordinator.kill();
        links.close();
        mysql.close();
    }
}

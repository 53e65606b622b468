package io.regent.docker.drill;

import io.regent.docker.lab.container.Images;
import io.regent.docker.lab.fault.Fault;
import io.regent.docker.lab.fleet.Extra;
import io.regent.docker.lab.step.Blip;
import io.regent.docker.lab.step.EvacuateRegion;
import io.regent.docker.lab.step.FinalCheck;
import io.regent.docker.lab.step.Harm;
import io.regent.docker.lab.step.IsolateMaster;
import io.regent.docker.lab.step.JumpClock;
import io.regent.docker.lab.step.LoseMaster;
import io.regent.docker.lab.step.LoseQuorum;
import io.regent.docker.lab.step.MoveMaster;
import io.regent.docker.lab.step.NoticeFailure;
import io.regent.docker.lab.step.OldCopy;
import io.regent.docker.lab.step.OpenByHand;
import io.regent.docker.lab.step.PauseAutomation;
import io.regent.docker.lab.step.RandomFaults;
import io.regent.docker.lab.step.ReleaseCertified;
import io.regent.docker.lab.step.ReplaceCoordinator;
import io.regent.docker.lab.step.RestartCoordinator;
import io.regent.docker.lab.step.ReturnOfTheOldMaster;
import io.regent.docker.lab.step.StallMaster;
import io.regent.docker.lab.step.StrayWrite;
import io.regent.docker.lab.step.StrikeMaster;
import io.regent.docker.lab.step.UnconfirmedLoss;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** All drills. In each of them phx1 is the first master of phx1, aws1 and aws2. */
public final class Drills {
    static final String FIRST_MASTER = "phx1";

    private static final String OTHER = "aws1";
    private static final String THIRD = "aws2";
    private static final String CUTS = "cuts the network between regions";
    /** Longer than any lease, session or time-out of Regent's. */
    private static final Duration LONGER_THAN_ALL = Duration.ofSeconds(20);

    private static final List<Drill> ALL = List.of(
            Drill.of(
                    "master-move",
                    "The master moves to another region and back on command, and no acknowledged write is lost.",
                    2,
                    new MoveMaster(FIRST_MASTER, OTHER),
                    new MoveMaster(OTHER, FIRST_MASTER)),
            Drill.of(
                            "MasterRegionGone",
                            "Everything in the master's region is killed at one blow; another region takes over, and"
                                    + " what only the lost one had is held when it comes back, then released where that is"
                                    + " safe.",
                            1,
                            new LoseMaster(FIRST_MASTER),
                            new ReturnOfTheOldMaster(FIRST_MASTER),
                            new ReleaseCertified())
                    .stranding(),
            Drill.of(
                            "MasterIsolated",
                            "The master is cut off from all other regions but not from its clients; it closes by"
                                    + " itself before another opens, and what only it had is held, then released where"
                                    + " that is safe.",
                            1,
                            new IsolateMaster(FIRST_MASTER),
                            new ReleaseCertified())
                    .stranding()
                    .inContainers(CUTS),
            Drill.of(
                            "one-way-cut",
                            "The others hear nothing of the master, which hears them; then the next one hears nothing of"
                                    + " the others, which hear it: each closes by itself before another opens.",
                            2,
                            IsolateMaster.mute(),
                            IsolateMaster.deaf())
                    .stranding()
                    .inContainers(CUTS),
            Drill.of(
                    "MasterMySqlDown",
                    "The master's mysqld alone is killed; another region takes over, and where its coordinator can"
                            + " read its disk nothing is stranded.",
                    1,
                    StrikeMaster.with(Fault.MYSQLD_KILLED)),
            Drill.of(
                    "CoordinatorGoneMySqlFine",
                    "The master's coordinator alone is killed; its MySQL closes by itself, another region takes over,"
                            + " and nothing is stranded.",
                    1,
                    StrikeMaster.with(Fault.COORDINATOR_KILLED)),
            Drill.of(
                    "MasterStalled",
                    "The master answers and no commit gets through; status names it, it gives up by itself, and"
                            + " another region takes over.",
                    1,
                    StallMaster.withoutReplica()),
            Drill.of(
                            "disk-full",
                            "The master's disk is full to the last block; status names it, it gives up by itself,"
                                    + " another region takes over, and once there is room it follows, rebuilt if it asks"
                                    + " for that.",
                            1,
                            StallMaster.onFullDisk())
                    .with(Extra.DISKS),
            Drill.of(
                            "disk-broken",
                            "The master's disk fails and its file system is read-only from then on; another region"
                                    + " takes over, and it follows once the disk is repaired.",
                            1,
                            StallMaster.onBrokenDisk())
                    .with(Extra.DISKS),
            Drill.of(
                    "master-asleep",
                    "The master's whole region stands still for longer than every time-out and wakes: it is closed"
                            + " before its clients can take it for the master.",
                    1,
                    StrikeMaster.with(Fault.REGION_PAUSED).lasting(LONGER_THAN_ALL)),
            Drill.of(
                            "NoQuorum",
                            "ZooKeeper loses its majority; every region closes by itself, and one opens when it is"
                                    + " back.",
                            FinalCheck.ANY_CHANGES,
                            new LoseQuorum())
                    .inContainers("takes the majority of an ensemble"),
            Drill.of(
                    "RegionMySqlDown",
                    "The mysqld of a region that is not master is killed; status names it, and nobody else notices.",
                    0,
                    new NoticeFailure("RegionMySqlDown", Harm.of(Fault.MYSQLD_KILLED, THIRD))),
            Drill.of(
                    "RegionGone",
                    "A region that is not master is killed as a whole; status names it, and nobody else notices.",
                    0,
                    new NoticeFailure("RegionGone", Harm.of(Fault.REGION_KILLED, THIRD))),
            Drill.of(
                            "MasterUnreachableFromSome",
                            "One of the other regions does not reach the master, which goes on: the other one does.",
                            0,
                            new NoticeFailure("MasterUnreachableFromSome", Harm.cut(FIRST_MASTER, THIRD)))
                    .inContainers(CUTS),
            Drill.of(
                            "LinkBroken",
                            "Two regions that are not master do not reach each other; status names their links.",
                            0,
                            new NoticeFailure("LinkBroken", Harm.cut(OTHER, THIRD)))
                    .inContainers(CUTS),
            Drill.of(
                    "LinkBlocked",
                    "Somebody locks a table in a region that is not master; status names the link that waits for it.",
                    0,
                    new NoticeFailure(
                            "LinkBlocked",
                            Harm.session("a table is locked", THIRD, List.of("LOCK TABLES identity.user READ")))),
            Drill.of(
                    "LinkLagging",
                    "A region that is not master applies more slowly than the master writes; status names its link,"
                            + " and it catches up.",
                    0,
                    new NoticeFailure(
                            "LinkLagging",
                            Harm.setting("slow commits", THIRD, "binlog_group_commit_sync_delay", "1000000"))),
            Drill.of(
                            "clock-jump",
                            "Wall clocks jump by an hour, ahead and back, at the master and in another region; one"
                                    + " whose clock was set back closes in time all the same when its coordinator dies.",
                            FinalCheck.ANY_CHANGES,
                            JumpClock.ofMaster(Fault.CLOCK_AHEAD),
                            JumpClock.ofMaster(Fault.CLOCK_BACK).during(StrikeMaster.with(Fault.COORDINATOR_KILLED)),
                            JumpClock.ofAnother(Fault.CLOCK_AHEAD),
                            JumpClock.ofAnother(Fault.CLOCK_BACK))
                    .with(Extra.CLOCKS),
            Drill.of(
                    "rolling-restart",
                    "All coordinators are restarted one after the other, each while its region is not master; no"
                            + " failover.",
                    2,
                    new RestartCoordinator(OTHER),
                    new RestartCoordinator(THIRD),
                    new MoveMaster(FIRST_MASTER, OTHER),
                    new RestartCoordinator(FIRST_MASTER),
                    new MoveMaster(OTHER, FIRST_MASTER)),
            Drill.of(
                            "rolling-upgrade",
                            "Coordinators of another version (--from DIR) are replaced by this one's, one after the"
                                    + " other, and back; no failover.",
                            2,
                            ReplaceCoordinator.byThis(OTHER),
                            ReplaceCoordinator.byThis(THIRD),
                            new MoveMaster(FIRST_MASTER, OTHER),
                            ReplaceCoordinator.byThis(FIRST_MASTER),
                            ReplaceCoordinator.byTheOther(THIRD),
                            ReplaceCoordinator.byTheOther(FIRST_MASTER),
                            new MoveMaster(OTHER, FIRST_MASTER),
                            ReplaceCoordinator.byTheOther(OTHER))
                    .with(Extra.OTHER_VERSION),
            Drill.of(
                    "RegionForgot",
                    "An old copy is put in the place of a former master's data: it gets back what it wrote, and is"
                            + " never made master again under the same server uuid.",
                    3,
                    new MoveMaster(FIRST_MASTER, OTHER),
                    new OldCopy(FIRST_MASTER).taken(),
                    new MoveMaster(OTHER, FIRST_MASTER),
                    new MoveMaster(FIRST_MASTER, OTHER),
                    new OldCopy(FIRST_MASTER).restored()),
            Drill.of(
                            "RegionDiverged",
                            "An administrator writes in a region that is not master; status names it as long as what"
                                    + " was written is not saved in two others, and then it is undone and held.",
                            0,
                            new StrayWrite(THIRD, OTHER))
                    .stranding(),
            Drill.of(
                            "SplitStatus",
                            "An administrator opens the server of a region that is not master; it is closed within the"
                                    + " dead-man's bound, what it acknowledged is undone and held, and the master goes on."
                                    + " It takes a moment, too short for status to be relied on to show it.",
                            0,
                            new OpenByHand(THIRD))
                    .stranding(),
            Drill.of(
                    "NoCandidate",
                    "Every region but the master's is in maintenance; status names it, and the master goes on.",
                    0,
                    new NoticeFailure("NoCandidate", Harm.maintenance(List.of(OTHER, THIRD)))),
            Drill.of(
                    "AutomationPaused",
                    "The automation is paused and the master's region is killed: nobody takes writes, whatever the"
                            + " time, until it is resumed; then another region takes over without further help.",
                    1,
                    new PauseAutomation()),
            Drill.of(
                            "MasterUnconfirmed",
                            "Another region is killed, and then the master's: the one that is left cannot confirm the loss,"
                                    + " and takes over when a hold-off of 3 s is over, not before.",
                            1,
                            new UnconfirmedLoss(THIRD))
                    .holdingOff(UnconfirmedLoss.HOLD_OFF),
            Drill.of(
                            "blip",
                            "The master loses ZooKeeper and one region for ten seconds, and nobody can tell who is cut"
                                    + " off: it is waited for, says 'dbctl why', and goes on; no other region opens.",
                            0,
                            new Blip(THIRD))
                    .holdingOff(Blip.HOLD_OFF)
                    .inContainers(CUTS),
            Drill.of(
                    "region-evacuation",
                    "The master moves away from a region, which is switched off and on again, and back; nobody"
                            + " notices.",
                    2,
                    new MoveMaster(FIRST_MASTER, OTHER),
                    new EvacuateRegion(FIRST_MASTER),
                    new MoveMaster(OTHER, FIRST_MASTER)),
            Drill.of(
                            "upgrade-and-back",
                            "The master moves to a region with a newer major version of MySQL, takes writes there, and"
                                    + " moves back; nothing is lost.",
                            2,
                            new MoveMaster(FIRST_MASTER, OTHER),
                            new MoveMaster(OTHER, FIRST_MASTER).forced())
                    .with(OTHER, Images.NEWER_MYSQL),
            Drill.of(
                            "far-regions",
                            "All that goes to the MySQL of another region, or to ZooKeeper, takes 70 ms; the master"
                                    + " moves and is lost.",
                            2,
                            new MoveMaster(FIRST_MASTER, OTHER),
                            StrikeMaster.with(Fault.REGION_KILLED))
                    .with(Extra.DISTANCE),
            Drill.of(
                    "random-hour",
                    "Faults that a seed chooses, two at a time, for an hour or --seconds; then all must find together.",
                    FinalCheck.ANY_CHANGES,
                    new RandomFaults()));

    private Drills() {}

    /** In the order of the list. */
    public static List<Drill> all() {
        return ALL;
    }

    /** The drill of a name, whatever the case of its letters. */
    public static Optional<Drill> named(String name) {
        return ALL.stream().filter(drill -> drill.name().equalsIgnoreCase(name)).findFirst();
    }
}

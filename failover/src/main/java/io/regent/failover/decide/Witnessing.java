package io.regent.failover.decide;

import io.regent.failover.action.Decision;
import io.regent.failover.action.ZookeeperAction.PublishReach;
import io.regent.failover.model.Reach;
import io.regent.failover.model.Znode;
import org.jspecify.annotations.Nullable;

/** Says whose MySQL answers the region, by its links or by a probe, when that changed, at most once a period: others ask when the master is silent. */
class Witnessing implements Rule {
    @Override
    public @Nullable Decision decide(Situation now) {
        Reach reach = now.view().reach();
        Znode<Reach> said = now.regionState().reach();
        if (said == null ? reach.equals(Reach.NONE) : !isDue(now, said, reach)) {
            return null;
        }
        return now.act(
                "says whom it reaches: " + (reach.reached().isEmpty() ? "nobody" : String.join(", ", reach.reached())),
                new PublishReach(now.region(), reach, said == null ? -1 : said.version()));
    }

    private static boolean isDue(Situation now, Znode<Reach> said, Reach reach) {
        return !said.value().equals(reach)
                && now.view()
                                .memory()
                                .sinceReach(now.region(), said.version(), now.at())
                                .compareTo(now.timing().period())
                        >= 0;
    }
}

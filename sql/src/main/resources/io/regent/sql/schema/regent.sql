CREATE TABLE IF NOT EXISTS regent.stranded (
  gtid VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  place BIGINT NOT NULL COMMENT 'order in the binlog of the region that held it',
  region VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'that held it',
  verdict BIGINT NULL COMMENT 'that made it void; none before',
  disposition ENUM('held', 'released', 'discarded') CHARACTER SET ascii NOT NULL DEFAULT 'held',
  obstacle TEXT CHARACTER SET utf8mb4 NULL COMMENT 'why it cannot be rewound',
  changes JSON NOT NULL COMMENT 'for people; the payload is exact',
  recorded_at DATETIME(6) NOT NULL COMMENT 'UTC',
  reason TEXT CHARACTER SET utf8mb4 NULL COMMENT 'why it is held, or was discarded',
  decided_at DATETIME(6) NULL COMMENT 'UTC; when it was released or discarded',
  decided_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'by whom, or by which policy',
  PRIMARY KEY (gtid)
) ENGINE = InnoDB COMMENT = 'regent 1: transactions outside history';

CREATE TABLE IF NOT EXISTS regent.stranded_payload (
  gtid VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  part INT NOT NULL,
  bytes MEDIUMBLOB NOT NULL COMMENT 'zstd',
  PRIMARY KEY (gtid, part)
) ENGINE = InnoDB COMMENT = 'regent 1: transactions outside history, whole';

CREATE TABLE IF NOT EXISTS regent.history (
  epoch BIGINT NOT NULL,
  region VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'master of this epoch',
  former VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL COMMENT 'master of the epoch before; none of the first',
  reason TEXT CHARACTER SET utf8mb4 NOT NULL COMMENT 'why the mastership changed',
  decided_by VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'region and name of a coordinator',
  opened_at DATETIME(6) NOT NULL COMMENT 'UTC; when the master opened in it, by the clock of its MySQL',
  pause_ms BIGINT NULL COMMENT 'no region took writes for at most so long before; none if not known',
  cut LONGTEXT CHARACTER SET ascii NOT NULL COMMENT 'GTID set that was history when it began',
  recorded_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (epoch)
) ENGINE = InnoDB COMMENT = 'regent 1: changes of mastership, each written by the new master'

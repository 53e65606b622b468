CREATE TABLE regent_local.identity (
  id TINYINT NOT NULL,
  server_uuid CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB COMMENT = 'regent 2: one row, the server whose rows these are; on a copy of its data they are not believed';

CREATE TABLE regent_local.lease (
  coordinator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  asked VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'nonce of the renewal under way',
  asked_at DATETIME(6) NULL COMMENT 'UTC',
  asked_ttl_ms INT NULL COMMENT 'how long it lasts from then, if granted',
  asked_beat BIGINT NULL COMMENT 'beat when it was asked: the next one needs a newer',
  granted VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'nonce that a quorum write confirmed',
  granted_at DATETIME(6) NULL COMMENT 'UTC; when that nonce was asked',
  granted_ttl_ms INT NULL,
  run VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'the start of mysqld in which it was asked',
  asks BIGINT NOT NULL DEFAULT 0 COMMENT 'how often it was asked, ever',
  PRIMARY KEY (coordinator)
) ENGINE = InnoDB COMMENT = 'regent 2: the right to stay open, one row per coordinator';

CREATE TABLE regent_local.beat (
  id TINYINT NOT NULL,
  beat BIGINT NOT NULL,
  at DATETIME(6) NOT NULL COMMENT 'UTC',
  run VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB COMMENT = 'regent 2: one row, which the dead-man counts up';

CREATE TABLE regent_local.epoch (
  epoch BIGINT NOT NULL,
  region VARCHAR(64) NOT NULL COMMENT 'master of this epoch',
  cut LONGTEXT CHARACTER SET ascii NULL COMMENT 'GTID set; none until known',
  opened_at DATETIME(6) NULL COMMENT 'UTC; when this server first opened in it',
  recorded_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (epoch)
) ENGINE = InnoDB COMMENT = 'regent 2: epochs that this server recorded; the newest is the one it lives in';

CREATE TABLE regent_local.verdict (
  number BIGINT NOT NULL,
  voided LONGTEXT CHARACTER SET ascii NOT NULL COMMENT 'GTID set',
  had LONGTEXT CHARACTER SET ascii NULL COMMENT 'what of it was executed here when it was stored',
  settled ENUM('never-had', 'rewound') NULL COMMENT 'none until settled here',
  stored_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (number)
) ENGINE = InnoDB COMMENT = 'regent 2: GTIDs made void for ever';

CREATE TABLE regent_local.rewound (
  gtid VARCHAR(96) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  verdict BIGINT NOT NULL,
  rewound_at DATETIME(6) NOT NULL COMMENT 'UTC',
  PRIMARY KEY (gtid)
) ENGINE = InnoDB COMMENT = 'regent 2: transactions whose changes were undone here';

CREATE TABLE regent_local.guard (
  source VARCHAR(64) NOT NULL COMMENT 'region whose transactions the apply sessions commit',
  epoch BIGINT NOT NULL,
  incarnation BIGINT NOT NULL COMMENT 'creation id of the region latch',
  PRIMARY KEY (source)
) ENGINE = InnoDB COMMENT = 'regent 2: what an apply session must not be older than';

CREATE TABLE regent_local.applier (
  run VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  connection BIGINT UNSIGNED NOT NULL,
  source VARCHAR(64) NOT NULL,
  epoch BIGINT NOT NULL,
  incarnation BIGINT NOT NULL,
  PRIMARY KEY (run, connection),
  KEY (source)
) ENGINE = InnoDB COMMENT = 'regent 2: apply sessions that passed the guard';

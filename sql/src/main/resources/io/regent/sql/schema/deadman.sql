CREATE DEFINER = {fence} EVENT regent_local.deadman
  ON SCHEDULE EVERY 1 SECOND ON COMPLETION PRESERVE ENABLE
  COMMENT '{fingerprint} closes this server when its lease is no longer renewed'
DO
BEGIN
  DECLARE closed_because VARCHAR(100);
  watch: BEGIN
    DECLARE tick_us BIGINT DEFAULT 50000;
    DECLARE ticks BIGINT DEFAULT 0;
    -- Own clock: never behind the wall clock's progress, never set back.
    DECLARE clock_us, last_us BIGINT DEFAULT 0;
    DECLARE wall, wall_before DATETIME(6);
    DECLARE is_open, is_governed BOOLEAN;
    DECLARE rows_now, rows_before LONGTEXT;
    -- Nonce to the own clock's time at which it cannot have been asked yet.
    DECLARE seen, found_at_start JSON;
    DECLARE end_us, latest_us BIGINT;
    DECLARE end_wall, latest_wall DATETIME(6);
    DECLARE renewed BOOLEAN DEFAULT FALSE;
    DECLARE renew_by_us BIGINT;
    DECLARE failed, refused BOOLEAN DEFAULT FALSE;
    DECLARE this_run VARCHAR(64) CHARACTER SET ascii;
    DECLARE victim BIGINT UNSIGNED;
    DECLARE victims TEXT;
    DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET failed = TRUE;

    SET SESSION sql_log_bin = 0;
    SET SESSION autocommit = 1, lock_wait_timeout = 1, innodb_lock_wait_timeout = 1, time_zone = '+00:00',
        group_concat_max_len = 1000000, transaction_isolation = 'READ-COMMITTED';
    -- Waiting, so that this run takes over at once from one that dies.
    IF NOT COALESCE(GET_LOCK('regent.deadman', 1), FALSE) THEN
      -- Another run of this event watches. A client that holds the name would keep it away: not for long.
      SELECT ID INTO victim FROM information_schema.PROCESSLIST
        WHERE ID = IS_USED_LOCK('regent.deadman') AND USER <> {fence_user};
      IF victim IS NOT NULL THEN
        KILL victim;
      END IF;
      LEAVE watch;
    END IF;
    SET this_run = regent_local.run(), wall_before = SYSDATE(6), failed = FALSE;

    each_tick: LOOP
      IF @@GLOBAL.read_only AND @@GLOBAL.super_read_only THEN
        LEAVE watch;
      END IF;
      SET wall = SYSDATE(6), last_us = clock_us;
      SET clock_us = clock_us + GREATEST(tick_us, TIMESTAMPDIFF(MICROSECOND, wall_before, wall)), wall_before = wall;

      -- Looked at before the lease: whoever opened was granted before.
      SET is_open = NOT @@GLOBAL.read_only, is_governed = TRUE;
      -- A server that never recorded an epoch is not Regent's yet.
      SELECT COUNT(*) > 0 INTO is_governed FROM regent_local.epoch;
      SET rows_now = NULL;
      IF NOT failed THEN
        SELECT COALESCE(GROUP_CONCAT(coordinator, ' ', IFNULL(asked, '-'), ' ', IFNULL(granted, '-')
            ORDER BY coordinator), '') INTO rows_now FROM regent_local.lease;
      END IF;
      IF rows_now <> COALESCE(rows_before, '?') THEN
        SELECT COALESCE(JSON_OBJECTAGG(nonce, COALESCE(
              CAST(JSON_EXTRACT(seen, CONCAT('$."', nonce, '"')) AS SIGNED),
              IF(seen IS NULL, clock_us - GREATEST(0, TIMESTAMPDIFF(MICROSECOND, at, wall)), last_us))), JSON_OBJECT())
          INTO seen
          FROM (SELECT asked AS nonce, asked_at AS at FROM regent_local.lease WHERE asked IS NOT NULL
                UNION SELECT granted, granted_at FROM regent_local.lease WHERE granted IS NOT NULL) AS nonces;
        SET found_at_start = COALESCE(found_at_start, seen);
        SET latest_us = NULL, latest_wall = NULL;
        -- The newest grant counts, be it shorter than an older one: others wait for the length it was written with.
        SELECT CAST(JSON_EXTRACT(seen, CONCAT('$."', granted, '"')) AS SIGNED) + granted_ttl_ms * 1000,
               granted_at + INTERVAL granted_ttl_ms * 1000 MICROSECOND,
               renewed OR NOT JSON_CONTAINS_PATH(found_at_start, 'one', CONCAT('$."', granted, '"')),
               COALESCE(renew_by_us, clock_us + granted_ttl_ms * 1000 DIV 3)
          INTO latest_us, latest_wall, renewed, renew_by_us
          FROM regent_local.lease WHERE granted IS NOT NULL
          ORDER BY CAST(JSON_EXTRACT(seen, CONCAT('$."', granted, '"')) AS SIGNED) DESC LIMIT 1;
        -- A revoked nonce leaves its end standing: the closing that revoked it may be under way.
        SET end_us = COALESCE(latest_us, end_us), end_wall = COALESCE(latest_wall, end_wall), rows_before = rows_now;
      END IF;

      IF is_open AND is_governed THEN
        SET closed_because = CASE
          WHEN failed OR rows_now IS NULL THEN 'the lease could not be read'
          WHEN end_us IS NULL THEN 'no lease was granted'
          WHEN clock_us >= end_us OR wall >= end_wall THEN 'the lease ended'
          WHEN NOT renewed AND clock_us > renew_by_us THEN 'no renewal was seen to arrive'
        END;
        IF closed_because IS NOT NULL THEN
          LEAVE each_tick;
        END IF;
      END IF;

      -- No beat, no renewal. An error here (a global read lock, for one) is not the lease's end.
      IF ticks MOD 4 = 0 THEN
        INSERT INTO regent_local.beat (id, beat, at, run) VALUES (1, 1, SYSDATE(6), this_run)
          ON DUPLICATE KEY UPDATE beat = beat + 1, at = VALUES(at), run = VALUES(run);
      END IF;
      SET ticks = ticks + 1, failed = FALSE;
      DO SLEEP(0.05);
    END LOOP;

    REPEAT
      SET GLOBAL offline_mode = ON;
      SET victims = NULL;
      SELECT GROUP_CONCAT(ID) INTO victims FROM information_schema.PROCESSLIST
        WHERE ID <> CONNECTION_ID() AND USER NOT IN ('system user', 'event_scheduler', {fence_user})
          AND COMMAND NOT IN ('Daemon', 'Binlog Dump', 'Binlog Dump GTID');
      WHILE victims IS NOT NULL DO
        SET victim = SUBSTRING_INDEX(victims, ',', 1);
        SET victims = IF(LOCATE(',', victims), SUBSTR(victims, LOCATE(',', victims) + 1), NULL);
        KILL victim;
      END WHILE;
      SET refused = FALSE, failed = FALSE;
      SET GLOBAL super_read_only = ON;
      SET refused = failed;
    UNTIL NOT refused AND @@GLOBAL.read_only AND @@GLOBAL.super_read_only END REPEAT;
  END;
  IF closed_because IS NOT NULL THEN
    -- One line in the error log.
    SET closed_because = CONCAT('regent dead-man closed this server: ', closed_because);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = closed_because;
  END IF;
END

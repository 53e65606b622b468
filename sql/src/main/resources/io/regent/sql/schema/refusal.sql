CREATE DEFINER = {fence} FUNCTION regent_local.refusal(
    p_epoch BIGINT, p_nonce VARCHAR(64) CHARACTER SET ascii) RETURNS VARCHAR(128)
  NOT DETERMINISTIC READS SQL DATA SQL SECURITY DEFINER
  COMMENT '{fingerprint} why this server may not open now; NULL if it may'
BEGIN
  DECLARE now_utc DATETIME(6) DEFAULT SYSDATE(6);
  DECLARE this_run VARCHAR(64) CHARACTER SET ascii DEFAULT regent_local.run();
  IF @@SESSION.time_zone <> '+00:00' THEN
    RETURN 'the session is not in UTC';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM regent_local.identity WHERE server_uuid = @@server_uuid) THEN
    RETURN 'the rows of regent_local are those of another server';
  END IF;
  IF @@GLOBAL.super_read_only THEN
    RETURN 'SEALED: a server opens only from STANDBY';
  END IF;
  IF @@GLOBAL.offline_mode THEN
    RETURN 'offline_mode is on: a prepared XA transaction may be left';
  END IF;
  IF NOT COALESCE((SELECT MAX(epoch) = p_epoch FROM regent_local.epoch), FALSE) THEN
    RETURN 'the epoch is not the one recorded here';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM regent_local.lease WHERE granted = p_nonce) THEN
    RETURN 'the nonce is not granted';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM regent_local.lease WHERE granted = p_nonce AND run = this_run) THEN
    RETURN 'the nonce was asked before this start of mysqld';
  END IF;
  IF NOT EXISTS (
      SELECT 1 FROM regent_local.lease
      WHERE granted = p_nonce AND granted_at <= now_utc
        AND now_utc < granted_at + INTERVAL granted_ttl_ms * 1000 MICROSECOND) THEN
    RETURN 'the lease has ended';
  END IF;
  IF NOT EXISTS (
      SELECT 1 FROM regent_local.beat
      WHERE run = this_run AND ABS(TIMESTAMPDIFF(MICROSECOND, at, now_utc)) < 1000000) THEN
    RETURN 'the dead-man does not beat';
  END IF;
  RETURN NULL;
END

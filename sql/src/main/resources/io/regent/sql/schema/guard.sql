CREATE DEFINER = {fence} PROCEDURE regent_local.guard(p_source VARCHAR(64), p_epoch BIGINT, p_incarnation BIGINT)
  MODIFIES SQL DATA SQL SECURITY DEFINER
  COMMENT '{fingerprint} registers an apply session, first thing after it connected; signals if it is older than the raised guard'
BEGIN
  DECLARE log_bin BOOLEAN DEFAULT @@SESSION.sql_log_bin;
  DECLARE raised_epoch, raised_incarnation, recorded_epoch BIGINT;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    ROLLBACK;
    SET SESSION sql_log_bin = log_bin;
    RESIGNAL;
  END;
  SET SESSION sql_log_bin = 0;
  START TRANSACTION;
  -- The shared lock holds a raiser back until this session is registered, so that it is found and killed.
  SELECT epoch, incarnation INTO raised_epoch, raised_incarnation
    FROM regent_local.guard WHERE source = p_source FOR SHARE;
  IF raised_epoch IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'regent: no guard was raised for this source';
  END IF;
  IF p_epoch < raised_epoch OR p_incarnation < raised_incarnation THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'regent: older than the raised guard';
  END IF;
  -- On a copy of another server's data neither guards nor epochs are this server's.
  IF NOT EXISTS (SELECT 1 FROM regent_local.identity WHERE server_uuid = @@server_uuid) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'regent: the rows of regent_local are those of another server';
  END IF;
  -- A server that was put back in time records the epoch first. One without mastership records none.
  SELECT MAX(epoch) INTO recorded_epoch FROM regent_local.epoch;
  IF recorded_epoch <> p_epoch THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'regent: the epoch of this link is not recorded here';
  END IF;
  REPLACE INTO regent_local.applier (run, connection, source, epoch, incarnation)
    VALUES (regent_local.run(), CONNECTION_ID(), p_source, p_epoch, p_incarnation);
  COMMIT;
  SET SESSION sql_log_bin = log_bin;
END

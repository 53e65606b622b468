CREATE DEFINER = {fence} PROCEDURE regent_local.open(p_epoch BIGINT, p_nonce VARCHAR(64) CHARACTER SET ascii)
  MODIFIES SQL DATA SQL SECURITY DEFINER
  COMMENT '{fingerprint} STANDBY to OPEN under a granted nonce; signals the reason if it may not'
BEGIN
  DECLARE reason VARCHAR(128);
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    DO RELEASE_LOCK('regent.state');
    RESIGNAL;
  END;
  IF @@SESSION.sql_log_bin THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'regent: the session has sql_log_bin on';
  END IF;
  -- Closing takes the same lock: no check below is older than the SET that follows it.
  IF NOT COALESCE(GET_LOCK('regent.state', 0), FALSE) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'regent: another session opens or closes';
  END IF;
  SET reason = regent_local.refusal(p_epoch, p_nonce);
  IF reason IS NULL THEN
    UPDATE regent_local.epoch SET opened_at = COALESCE(opened_at, SYSDATE(6)) WHERE epoch = p_epoch;
    -- That write may have taken long.
    SET reason = regent_local.refusal(p_epoch, p_nonce);
  END IF;
  IF reason IS NOT NULL THEN
    SET reason = CONCAT('regent: ', reason);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = reason;
  END IF;
  SET GLOBAL read_only = OFF;
  DO RELEASE_LOCK('regent.state');
END

CREATE DEFINER = {fence} FUNCTION regent_local.run() RETURNS VARCHAR(64) CHARACTER SET ascii
  NOT DETERMINISTIC READS SQL DATA SQL SECURITY DEFINER
  COMMENT '{fingerprint} this start of mysqld on this server'
BEGIN
  -- Both clocks are the start of the statement, so the difference is exact: the second in which mysqld started.
  RETURN (SELECT CONCAT(@@server_uuid, '/', CAST(UNIX_TIMESTAMP() - VARIABLE_VALUE AS SIGNED))
          FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Uptime');
END

CREATE DEFINER = {fence} FUNCTION regent_local.run() RETURNS VARCHAR(64) CHARACTER SET ascii
  NOT DETERMINISTIC READS SQL DATA SQL SECURITY DEFINER
  COMMENT '{fingerprint} this start of mysqld on this server'
BEGIN
  -- Both clocks are the start of the statement, so the difference is exact: the second in which mysqld started. Where the
  -- clock was set back to before that, the time since then is below zero, and mysqld shows it 2^64 too high.
  RETURN (SELECT CONCAT(@@server_uuid, '/', IF(CAST(VARIABLE_VALUE AS UNSIGNED) < 9223372036854775808,
              CAST(UNIX_TIMESTAMP() AS SIGNED) - CAST(VARIABLE_VALUE AS SIGNED),
              UNIX_TIMESTAMP() + (18446744073709551615 - CAST(VARIABLE_VALUE AS UNSIGNED)) + 1))
          FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Uptime');
END

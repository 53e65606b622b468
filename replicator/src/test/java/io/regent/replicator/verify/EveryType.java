package io.regent.replicator.verify;

/** A schema with a table for every kind of column and key, and one of every other thing that can be defined. */
final class EveryType {
    static final String[] STATEMENTS = {
        "CREATE DATABASE t",
        "CREATE TABLE t.value (id INT PRIMARY KEY, a INT, b VARCHAR(20))",
        "INSERT INTO t.value VALUES (1,1,'one'),(2,2,NULL),(3,3,''),(10,10,'ten'),(-4,0,'minus')",
        "CREATE TABLE t.approximate (id BIGINT UNSIGNED PRIMARY KEY, f FLOAT, g FLOAT(10,2), d DOUBLE)",
        "INSERT INTO t.approximate VALUES (18446744073709551615,1.2345678,1.25,0.1),(2,16777216,0.5,-0.0)",
        "CREATE TABLE t.dates (d DATE, dt DATETIME(6), ts TIMESTAMP NULL, t TIME(3), y YEAR, PRIMARY KEY (d))",
        "INSERT INTO t.dates VALUES ('0000-00-00','0000-00-00',NULL,'-838:59:59','0000'),"
                + "('2024-00-00','2024-02-30 10:00:00.000001','2024-01-01 00:00:00','12:00:00.123',2024)",
        "CREATE TABLE t.json (id INT PRIMARY KEY, j JSON)",
        "INSERT INTO t.json VALUES (1,'{\"a\":[1,2.5,null],\"é\":\"ü\"}'),(2,NULL)",
        "CREATE TABLE t.bits (b BIT(12) PRIMARY KEY, c BIT(64), e ENUM('a','','z'), s SET('x','y'))",
        "INSERT INTO t.bits VALUES (b'1',b'101','a','x,y'),(b'101010101010',~0,'','')",
        "CREATE TABLE t.shape (id INT PRIMARY KEY, g GEOMETRY, b LONGBLOB)",
        "INSERT INTO t.shape VALUES (1,ST_GeomFromText('POINT(1 2)',4326),REPEAT(x'00ff',50000))",
        "CREATE TABLE t.latin (k VARCHAR(20) CHARACTER SET latin1 PRIMARY KEY, v TEXT CHARACTER SET latin1)",
        "INSERT INTO t.latin VALUES ('ä','Käse'),('€','plain')",
        "CREATE TABLE t.composite (a VARCHAR(20), b DECIMAL(10,3), v INT, PRIMARY KEY (a,b))",
        "INSERT INTO t.composite VALUES ('a',1.5,1),('A',2.5,2),('b',1,3),('é',1,4)",
        "CREATE TABLE t.two_numbers (a INT, b SMALLINT ZEROFILL, v INT, PRIMARY KEY (b,a))",
        "INSERT INTO t.two_numbers VALUES (1,2,0),(2,1,0),(-1,100,0)",
        "CREATE TABLE t.keyless (a INT, b VARCHAR(10), j JSON, g POINT, f FLOAT)",
        "INSERT INTO t.keyless VALUES (1,'x','[1]',POINT(1,2),0.1),(1,'x','[1]',POINT(1,2),0.1),"
                + "(1,'X',NULL,NULL,NULL),(NULL,NULL,NULL,NULL,NULL),(NULL,NULL,NULL,NULL,NULL)",
        "CREATE TABLE t.`größe``x` (`é` INT PRIMARY KEY AUTO_INCREMENT, v INT AS (s+1) VIRTUAL, s INT INVISIBLE)",
        "INSERT INTO t.`größe``x` (`é`) VALUES (1)",
        "CREATE TABLE t.empty (id INT PRIMARY KEY)",
        "CREATE VIEW t.view AS SELECT id FROM t.value",
        "CREATE PROCEDURE t.procedure_ (IN a INT) SELECT a",
        "CREATE FUNCTION t.function_ () RETURNS INT DETERMINISTIC RETURN 1",
        "CREATE TRIGGER t.trigger_ BEFORE INSERT ON t.empty FOR EACH ROW SET @a=1",
        "CREATE EVENT t.event_ ON SCHEDULE EVERY 1 DAY STARTS '2099-01-01' DISABLE DO SET @a=1",
    };

    private EveryType() {}
}

-- SPDX-License-Identifier: Apache-2.0
-- A small archive; see fill_content.sql.

CREATE TABLE num AS
WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 40000)
SELECT n,
       substr('00000000-0000-7000-8000-000000000000', 1, 30) || (100000 + n) AS uuid,
       substr('00000000-0000-7000-8000-000000000000', 1, 30) || (100000 + n % 500) AS room,
       substr('0000000000000000000000000000000000000000000000000000000000000000', 1, 58) ||
           (100000 + n) AS hash
FROM g;

INSERT INTO deployment SELECT 'fact' || n, 'value' FROM num WHERE n <= 10;
INSERT INTO chain_head SELECT 1, 1, 40000, 400, hash FROM num WHERE n = 400;
INSERT INTO event SELECT n, uuid, 1 + n % 4, n, n, n, n, room, room, 1, '{}' FROM num;
INSERT INTO batch SELECT n, n * 100 - 99, n * 100, 100, hash, hash, n, NULL FROM num WHERE n <= 400;
INSERT INTO origin_cursor SELECT n, 10000, 1 FROM num WHERE n <= 4;
INSERT INTO adapter_state SELECT 'adapter' || n, 400, 1, 0, NULL, 1, NULL FROM num WHERE n <= 4;
INSERT INTO legal_hold SELECT n, uuid, hash, 'h' || n, '', NULL, NULL, 1, 'ann', NULL, NULL
FROM num WHERE n <= 500;
INSERT INTO legal_hold_target SELECT 1 + n % 500, 3, uuid FROM num WHERE n <= 5000;

DROP TABLE num;
ANALYZE;

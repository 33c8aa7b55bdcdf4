-- SPDX-License-Identifier: Apache-2.0
-- A small pool, so that planners have something to choose by. Runs on SQLite and PostgreSQL alike:
-- 4 servers, 20 groups, 2,000 users, 20 categories, 500 rooms, 60,000 messages, 10,000 keys.
-- Hash and uuid columns hold numbers of the right length.

CREATE TABLE num AS
WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 60000)
SELECT n,
       substr('00000000-0000-7000-8000-000000000000', 1, 30) || (100000 + n) AS uuid,
       substr('0000000000000000000000000000000000000000000000000000000000000000', 1, 58) ||
           (100000 + n) AS hash
FROM g;

INSERT INTO deployment SELECT 'fact' || n, 'value' FROM num WHERE n <= 10;
INSERT INTO id_block VALUES ('id', 1000000);
INSERT INTO server
SELECT n, uuid, 'pc' || n || '.contoso.example', '[]', '1.0.0', 2, 1, 15000, 15000, 0, 0, 1, 1, 1
FROM num WHERE n <= 4;
INSERT INTO lease SELECT 'lease' || n, 1, 'pc1', 1, 1, 1 FROM num WHERE n <= 5;
INSERT INTO topology_version SELECT n, 'kind: Topology', hash, n, 'ann', '' FROM num WHERE n <= 20;
INSERT INTO config_object SELECT 1, 2, hash, 'site' || n, '{}', 1, 1, 1 FROM num WHERE n <= 500;
INSERT INTO policy SELECT n, 3, hash, 'tag' || n, '', 1, 1, 1, 1 FROM num WHERE n <= 500;

-- Groups 1..20, users 21..2020.
INSERT INTO principal
SELECT n, uuid, CASE WHEN n <= 20 THEN 2 ELSE 1 END, 2, 0, hash, 'name' || n, 'name' || n,
       'Name ' || n, '', '', '', 'cn=' || n, hash, 'guid' || n, 1, 1, 1, 1
FROM num WHERE n <= 2020;
INSERT INTO user_account SELECT id, 'argon2id', 0, 0, NULL, NULL, 1 FROM principal WHERE kind = 1;
INSERT INTO policy_grant SELECT id, 1 + id % 500, 1, 1 FROM principal WHERE kind = 1;
INSERT INTO principal_member SELECT 1 + id % 20, id FROM principal WHERE kind = 1;
INSERT INTO admin_role SELECT id, 1, 1, 1 FROM principal WHERE kind = 1 AND id <= 520;
INSERT INTO directory_sync
SELECT 'd' || n || '.example', NULL, NULL, 1, 0, NULL FROM num WHERE n <= 500;

INSERT INTO category SELECT n, uuid, 'c' || n, 'c' || n, '', 1, 1, 1, 1, 1, 21, 1, 21
FROM num WHERE n <= 500;
INSERT INTO category_principal SELECT 1 + n % 500, 1, 1 + n % 2020 FROM num WHERE n <= 5000;
INSERT INTO addin SELECT n, uuid, hash, 'a' || n, 'https://contoso.example/', 1, 1, 21, 1, 21
FROM num WHERE n <= 500;
INSERT INTO room
SELECT n, uuid, 1 + n % 20, CASE WHEN n % 10 = 0 THEN n END, 1, 2, 1, 0, 'r' || n, 'r' || n, '', 1,
       1, 21, 1, 21, CASE WHEN n % 50 = 0 THEN n END
FROM num WHERE n <= 500;
INSERT INTO object_name SELECT hash, 2, n FROM num WHERE n <= 500;
INSERT INTO room_head SELECT id, 120, 1, 2, 12000, 12000 FROM room;
INSERT INTO room_role SELECT 1 + n % 500, 1 + n % 3, 21 + n % 1999 FROM num WHERE n <= 12000;
INSERT INTO invitation_head SELECT id, 5 FROM principal WHERE kind = 1;
INSERT INTO invitation SELECT 21 + n % 1999, n, 1 + n % 500, n, 21 FROM num WHERE n <= 10000;

INSERT INTO message
SELECT 1 + n % 500, 1 + n / 500, n, 21 + n % 2000, NULL, CASE WHEN n % 97 = 0 THEN 1 ELSE 0 END,
       NULL, NULL, CASE WHEN n % 97 = 0 THEN 1 ELSE 0 END, 1, 1, CASE WHEN n % 91 = 0 THEN 1 ELSE 0 END,
       NULL, 'The quick brown fox jumps over the lazy dog: message ' || n
FROM num;
INSERT INTO message_key SELECT 21 + n % 2000, hash, 1 + n % 500, 1 + n / 500, n, hash
FROM num WHERE n <= 10000;
INSERT INTO mention SELECT 21 + n % 1999, 1 + n % 500, 1 + n / 500 FROM num WHERE n <= 10000;
INSERT INTO read_mark SELECT 21 + n % 1999, 1 + n % 500, 10, 1 FROM num WHERE n <= 10000;
INSERT INTO keyword_watch SELECT 21 + n % 1999, hash, 'word' FROM num WHERE n <= 5000;
INSERT INTO stored_file
SELECT n, uuid, 1 + n % 500, 21, CASE WHEN n % 100 = 0 THEN 1 ELSE 2 END, 1, hash, 'a.txt',
       'text/plain', n, NULL
FROM num WHERE n <= 5000;

INSERT INTO token
SELECT n, uuid, hash, 21 + n % 1999, NULL, 1, NULL, NULL, '', 1, CASE WHEN n % 10 > 0 THEN n END, 1,
       NULL
FROM num WHERE n <= 10000;
INSERT INTO session SELECT n, uuid, 1 + n % 4, n / 100, 21 + n % 1999, n, 1, '::1', '', 1
FROM num WHERE n <= 10000;
INSERT INTO participant SELECT 1 + n % 500, 21 + n % 1999, 1 + n % 4, n / 100, 1
FROM num WHERE n <= 20000;
INSERT INTO audit
SELECT n, n, 1, 21 + n % 1999, 'ann', '::1', '', 'room.set', 1, 2, 1 + n % 500, '', NULL, NULL
FROM num WHERE n <= 20000;
INSERT INTO origin_log SELECT 1 + n % 4, n, n, 1, '{}' FROM num;
INSERT INTO compliance_outbox SELECT 1 + n % 4, n, uuid, n, 1, '{}' FROM num WHERE n <= 20000;

INSERT INTO search_block SELECT 1 + n % 5000, n, 'AAAA' FROM num;
INSERT INTO search_entry SELECT 1 + n % 500, 1 + n / 500, n, 'AAAA' FROM num;
INSERT INTO search_progress SELECT id, 100, 1, 1 FROM room;

INSERT INTO wall SELECT n, uuid, hash, 'w' || n, '', 1, 1, 21, 1, 21 FROM num WHERE n <= 500;
INSERT INTO wall_principal SELECT 1 + n % 500, 1 + n % 2, 1 + n % 2019 FROM num WHERE n <= 5000;
INSERT INTO membership_purge SELECT n, uuid, n, 21, 'category.change', 'c' || n
FROM num WHERE n <= 500;
INSERT INTO purged_role SELECT 1 + n % 500, 1 + n % 499, 1 + n % 3, 21 + n % 1999
FROM num WHERE n <= 10000;
INSERT INTO endpoint SELECT n, uuid, hash, 'e' || n || '@contoso.example', 'pc1', '', 1, 21
FROM num WHERE n <= 500;

DROP TABLE num;
ANALYZE;

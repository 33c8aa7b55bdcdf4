-- SPDX-License-Identifier: Apache-2.0
-- At least one row of every table of version 4, for its dump: see ../README.md.
insert into deployment values ('pool_fqdn', 'pc.contoso.example');
insert into deployment values ('empty', '');
insert into id_block values ('id', 9007199254740993);
insert into server values (1, '018f4e2a-7c00-7000-8000-000000000001', 'pc1.contoso.example', '["192.0.2.10"]', '1.0.0', 2, 7, 12, 3, 120, 450, 1767225600000000, 1767225600000001, 1767225615000000);
insert into lease values ('directory', 1, 'pc1.contoso.example', 4, 1767225600000000, 1767225600000005);
insert into lease values ('topology', NULL, 'pchatctl', 1, 1767225600000000, 1767225600000000);
insert into origin_log values (1, 1, 1767225600000000, 1, '{"room":40}');
insert into topology_version values (1, 'apiVersion: pchat/v1
kind: Topology
metadata: {name: "Zoë 😀"}
', '0000000000000000000000000000000000000000000000000000000000000001', 1767225600000000, 'zoe@contoso.example', 'first: it''s ours; really');
insert into config_object values (1, 1, '0000000000000000000000000000000000000000000000000000000000000002', '', '{"maxContentLength":65536}', 1, 1767225600000000, 10);
insert into policy values (5, 3, '0000000000000000000000000000000000000000000000000000000000000003', 'Büro', '', 1, 2, 1767225600000000, 10);
insert into principal values (10, '018f4e2a-7c00-7000-8000-00000000000a', 1, 1, 0, '000000000000000000000000000000000000000000000000000000000000000a', 'zoe@contoso.example', 'zoe@contoso.example', 'Zoë O''Neil 😀', 'zoe@contoso.example', 'Contoso', '', NULL, NULL, NULL, NULL, 1, 1767225600000000, 1767225600000000);
insert into principal values (11, '018f4e2a-7c00-7000-8000-00000000000b', 2, 2, 2, '000000000000000000000000000000000000000000000000000000000000000b', 'CN=Räume,DC=contoso,DC=example', 'cn=räume,dc=contoso,dc=example', 'Räume', '', '', 'west', 'CN=Räume,DC=contoso,DC=example', '000000000000000000000000000000000000000000000000000000000000000c', '5b1f3c0e', 1767225600000000, 3, 1767225600000000, 1767225600000009);
insert into user_account values (10, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA', 1, 2, 1767225600000000, NULL, 1767225600000000);
insert into policy_grant values (10, 5, 1767225600000000, 10);
insert into principal_member values (11, 10);
insert into admin_role values (10, 6, 1767225600000000, 10);
insert into directory_sync values ('contoso.example', 'Y29va2ll', 1767225600000000, 1767225660000000, 1, 'timed out: "ldap"; retried');
insert into object_name values ('0000000000000000000000000000000000000000000000000000000000000014', 1, 20);
insert into object_name values ('0000000000000000000000000000000000000000000000000000000000000028', 2, 40);
insert into category values (20, '018f4e2a-7c00-7000-8000-000000000014', 'Überall 🌍', 'überall 🌍', 'rooms for all', 1, 1, 1, 1, 1767225600000000, 10, 1767225600000000, 10);
insert into category_principal values (20, 1, 11);
insert into addin values (30, '018f4e2a-7c00-7000-8000-00000000001e', '000000000000000000000000000000000000000000000000000000000000001e', 'Tickets', 'https://tickets.contoso.example/?q=a&b=%20', 1, 1767225600000000, 10, 1767225600000000, 10);
insert into room values (40, '018f4e2a-7c00-7000-8000-000000000028', 20, 30, 2, 3, 1, 0, 'Zoë O''Neil 😀', 'zoë o''neil 😀', '', 4, 1767225600000000, 10, 1767225600000000, 10, NULL);
insert into room values (41, '018f4e2a-7c00-7000-8000-000000000029', 20, NULL, 1, 1, 0, 1, 'gone', 'gone', 'removed', 2, 1767225600000000, 10, 1767225600000000, 10, 1767225600000008);
insert into room_head values (40, 2, 1, 1, 1767225600000002, 140);
insert into room_head values (41, 0, 1, 0, 0, 0);
insert into room_role values (40, 2, 10);
insert into invitation_head values (10, 1);
insert into invitation values (10, 1, 40, 1767225600000000, 11);
insert into message values (40, 1, 1767225600000001, 10, NULL, 0, NULL, NULL, 0, 1, 1, 0, NULL, 'one line
another: "quoted", ''single'', back\slash, :name, ? and ; at the end;
Å é 𝄞 😀');
insert into message values (40, 2, 1767225600000002, 10, 50, 1, 1767225600000003, 10, 2, 3, 2, 0, '', ' leading and trailing blanks  ');
insert into message values (41, 1, 1767225600000004, 10, NULL, 2, 1767225600000005, 11, 1, 2, 1, 1, 'transit', '');
insert into message_key values (10, '000000000000000000000000000000000000000000000000000000000000003c', 40, 1, 1767225600000001, '000000000000000000000000000000000000000000000000000000000000003d');
insert into mention values (10, 40, 1);
insert into read_mark values (10, 40, 2, 1767225600000000);
insert into keyword_watch values (10, '000000000000000000000000000000000000000000000000000000000000003e', 'straße');
insert into stored_file values (50, '018f4e2a-7c00-7000-8000-000000000032', 40, 10, 2, 9007199254740993, '000000000000000000000000000000000000000000000000000000000000003f', 'Bericht 📄.pdf', 'application/pdf', 1767225600000000, NULL);
insert into stored_file values (51, '018f4e2a-7c00-7000-8000-000000000033', 40, 10, 1, 0, NULL, 'half', 'text/plain', 1767225600000000, NULL);
insert into token values (70, '018f4e2a-7c00-7000-8000-000000000046', '0000000000000000000000000000000000000000000000000000000000000046', 10, NULL, 2, 5, '{"rooms":["lobby"]}', 'robot', 1767225600000000, NULL, 1767225600000000, NULL);
insert into session values (80, '018f4e2a-7c00-7000-8000-000000000050', 1, 7, 10, 70, 1, '2001:db8::1', 'pchat-web/1.0', 1767225600000000);
insert into participant values (40, 10, 1, 7, 1767225600000000);
insert into audit values (90, 1767225600000000, 1, 10, 'zoe@contoso.example', '2001:db8::1', 'r-1', 'room.set', 1, 2, 40, 'Zoë O''Neil 😀', '{"topic":"a;b"}', NULL);
insert into audit values (91, 1767225600000000, NULL, NULL, '', '', '', 'db.provision', 2, 1, NULL, '', NULL, NULL);
insert into compliance_outbox values (1, 1, '018f4e2a-7c00-7000-8000-000000000064', 1767225600000000, 1, '{"text":"Zoë 😀: it''s; \"x\""}');
insert into search_block values (1099511627775, 0, 'gIDAgK-xxgNQAg');
insert into search_block values (7, 1767225600000000, '');
insert into search_entry values (40, 1, 1767225600000001, 'AAABAg');
insert into search_progress values (40, 1, 0, 1);
insert into wall values (60, '018f4e2a-7c00-7000-8000-00000000003c', '000000000000000000000000000000000000000000000000000000000000003c', 'Börse | Büro 😀', 'who trades does not read drafts', 2, 1767225600000000, 10, 1767225600000009, 10);
insert into wall_principal values (60, 1, 10);
insert into wall_principal values (60, 2, 11);
insert into membership_purge values (61, '018f4e2a-7c00-7000-8000-00000000003d', 1767225600000000, 10, 'category.change', 'Überall 🌍');
insert into purged_role values (61, 40, 1, 11);
insert into purged_role values (61, 41, 3, 10);
insert into endpoint values (62, '018f4e2a-7c00-7000-8000-00000000003e', '000000000000000000000000000000000000000000000000000000000000003e', 'räume@contoso.example', 'pchat.contoso.example', 'Räume 😀', 1767225600000000, 10);

-- SPDX-License-Identifier: Apache-2.0
-- At least one row of every table of version 1, for its dump: see ../README.md.
insert into deployment values ('pool_fqdn', 'pc.contoso.example');
insert into chain_head values (1, 3, 2, 1, '0000000000000000000000000000000000000000000000000000000000000005');
insert into event values (1, '018f4e2a-7c00-7000-8000-000000000064', 1, 1, 1767225600000000, 1767225600000001, 1, '018f4e2a-7c00-7000-8000-000000000028', '018f4e2a-7c00-7000-8000-00000000000a', 1, '{"text":"Zoë 😀: it''s; \"x\""}');
insert into event values (2, '018f4e2a-7c00-7000-8000-000000000065', 1, 2, 1767225600000000, 1767225600000002, NULL, NULL, NULL, 2, '{}');
insert into batch values (1, 1, 2, 2, '0000000000000000000000000000000000000000000000000000000000000000', '0000000000000000000000000000000000000000000000000000000000000005', 1767225600000003, NULL);
insert into origin_cursor values (1, 2, 1767225600000000);
insert into adapter_state values ('xml', 1, 3, 4, 1767225600000009, NULL, 'disk full: "/out"; 😀');
insert into legal_hold values (1, '018f4e2a-7c00-7000-8000-0000000000c8', '0000000000000000000000000000000000000000000000000000000000000009', 'Fall Müller 😀', 'it''s: "x"', NULL, 1767225600000000, 1767225600000000, 'zoe@contoso.example', NULL, NULL);
insert into legal_hold_target values (1, 3, '018f4e2a-7c00-7000-8000-000000000028');

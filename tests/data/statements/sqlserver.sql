-- insert chain_head
insert into chain_head (id, fencing_token, last_event_id, last_batch_id, last_batch_hash) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1);
-- insert event
insert into event (id, uuid, origin_id, n, at, recorded_at, seq, room_uuid, user_uuid, kind, body) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, :c6_0, :c7_0, :c8_0, :c9_0, convert(nvarchar(max), convert(varbinary(max), cast(:c10_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, :c6_1, :c7_1, :c8_1, :c9_1, convert(nvarchar(max), convert(varbinary(max), cast(:c10_1 as varchar(max)), 2)));
-- insert batch
insert into batch (id, first_event_id, last_event_id, event_count, prev_hash, hash, closed_at, pruned_at) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, :c6_0, :c7_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, :c6_1, :c7_1);
-- insert origin_cursor
insert into origin_cursor (origin_id, n, updated_at) values (:c0_0, :c1_0, :c2_0), (:c0_1, :c1_1, :c2_1);
-- update origin_cursor
update origin_cursor set n = :n1, updated_at = :updated_at1 where origin_id = :origin_id1;
-- insert adapter_state
insert into adapter_state (name, last_batch_id, state, try_count, next_try_at, succeeded_at, last_error) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, convert(nvarchar(max), convert(varbinary(max), cast(:c6_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, convert(nvarchar(max), convert(varbinary(max), cast(:c6_1 as varchar(max)), 2)));
-- update adapter_state
update adapter_state set last_batch_id = :last_batch_id1, state = :state1, try_count = :try_count1, next_try_at = :next_try_at1, succeeded_at = :succeeded_at1, last_error = convert(nvarchar(max), convert(varbinary(max), cast(:last_error1 as varchar(max)), 2)) where name = :name1;
-- insert legal_hold
insert into legal_hold (id, uuid, name_key, name, reason, from_at, to_at, created_at, created_by, released_at, released_by) values (:c0_0, :c1_0, :c2_0, convert(nvarchar(max), convert(varbinary(max), cast(:c3_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), :c5_0, :c6_0, :c7_0, convert(nvarchar(max), convert(varbinary(max), cast(:c8_0 as varchar(max)), 2)), :c9_0, convert(nvarchar(max), convert(varbinary(max), cast(:c10_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, convert(nvarchar(max), convert(varbinary(max), cast(:c3_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), :c5_1, :c6_1, :c7_1, convert(nvarchar(max), convert(varbinary(max), cast(:c8_1 as varchar(max)), 2)), :c9_1, convert(nvarchar(max), convert(varbinary(max), cast(:c10_1 as varchar(max)), 2)));
-- insert legal_hold_target
insert into legal_hold_target (hold_id, kind, target_uuid) values (:c0_0, :c1_0, :c2_0), (:c0_1, :c1_1, :c2_1);
-- insert category
insert into category (id, uuid, name, name_sort, description, invitations, file_upload, history, revision, created_at, created_by, updated_at, updated_by) values (:c0_0, :c1_0, convert(nvarchar(max), convert(varbinary(max), cast(:c2_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c3_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), :c5_0, :c6_0, :c7_0, :c8_0, :c9_0, :c10_0, :c11_0, :c12_0), (:c0_1, :c1_1, convert(nvarchar(max), convert(varbinary(max), cast(:c2_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c3_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), :c5_1, :c6_1, :c7_1, :c8_1, :c9_1, :c10_1, :c11_1, :c12_1);
-- update category
update category set name = convert(nvarchar(max), convert(varbinary(max), cast(:name1 as varchar(max)), 2)), name_sort = convert(nvarchar(max), convert(varbinary(max), cast(:name_sort1 as varchar(max)), 2)), description = convert(nvarchar(max), convert(varbinary(max), cast(:description1 as varchar(max)), 2)), invitations = :invitations1, file_upload = :file_upload1, history = :history1, revision = revision + 1, updated_at = :updated_at1, updated_by = :updated_by1 where id = :id1 and revision = :revision1;
-- insert category_principal
insert into category_principal (category_id, kind, principal_id) values (:c0_0, :c1_0, :c2_0), (:c0_1, :c1_1, :c2_1);
-- insert addin
insert into addin (id, uuid, name_key, name, url, revision, created_at, created_by, updated_at, updated_by) values (:c0_0, :c1_0, :c2_0, convert(nvarchar(max), convert(varbinary(max), cast(:c3_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), :c5_0, :c6_0, :c7_0, :c8_0, :c9_0), (:c0_1, :c1_1, :c2_1, convert(nvarchar(max), convert(varbinary(max), cast(:c3_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), :c5_1, :c6_1, :c7_1, :c8_1, :c9_1);
-- update addin
update addin set name_key = :name_key1, name = convert(nvarchar(max), convert(varbinary(max), cast(:name1 as varchar(max)), 2)), url = convert(nvarchar(max), convert(varbinary(max), cast(:url1 as varchar(max)), 2)), revision = revision + 1, updated_at = :updated_at1, updated_by = :updated_by1 where id = :id1 and revision = :revision1;
-- insert endpoint
insert into endpoint (id, uuid, name_key, name, pool, display_name, created_at, created_by) values (:c0_0, :c1_0, :c2_0, convert(nvarchar(max), convert(varbinary(max), cast(:c3_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c5_0 as varchar(max)), 2)), :c6_0, :c7_0), (:c0_1, :c1_1, :c2_1, convert(nvarchar(max), convert(varbinary(max), cast(:c3_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c5_1 as varchar(max)), 2)), :c6_1, :c7_1);
-- insert invitation
insert into invitation (user_id, sequence, room_id, at, invited_by) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1);
-- insert invitation_head
insert into invitation_head (user_id, last_sequence) values (:c0_0, :c1_0), (:c0_1, :c1_1);
-- insert origin_log
insert into origin_log (origin_id, n, at, kind, body) values (:c0_0, :c1_0, :c2_0, :c3_0, convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, :c3_1, convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)));
-- insert compliance_outbox
insert into compliance_outbox (origin_id, n, uuid, at, kind, body) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, convert(nvarchar(max), convert(varbinary(max), cast(:c5_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, convert(nvarchar(max), convert(varbinary(max), cast(:c5_1 as varchar(max)), 2)));
-- insert read_mark
insert into read_mark (user_id, room_id, seq, at) values (:c0_0, :c1_0, :c2_0, :c3_0), (:c0_1, :c1_1, :c2_1, :c3_1);
-- update read_mark
update read_mark set seq = :seq1, at = :at1 where user_id = :user_id1 and room_id = :room_id1;
-- insert keyword_watch
insert into keyword_watch (user_id, keyword_key, keyword) values (:c0_0, :c1_0, convert(nvarchar(max), convert(varbinary(max), cast(:c2_0 as varchar(max)), 2))), (:c0_1, :c1_1, convert(nvarchar(max), convert(varbinary(max), cast(:c2_1 as varchar(max)), 2)));
-- insert stored_file
insert into stored_file (id, uuid, room_id, uploader_id, state, size_bytes, sha256, name, media_type, created_at, removed_at) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, :c6_0, convert(nvarchar(max), convert(varbinary(max), cast(:c7_0 as varchar(max)), 2)), :c8_0, :c9_0, :c10_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, :c6_1, convert(nvarchar(max), convert(varbinary(max), cast(:c7_1 as varchar(max)), 2)), :c8_1, :c9_1, :c10_1);
-- insert message
insert into message (room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, change, kind, format, transit, subject, body) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, :c6_0, :c7_0, :c8_0, :c9_0, :c10_0, :c11_0, convert(nvarchar(max), convert(varbinary(max), cast(:c12_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c13_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, :c6_1, :c7_1, :c8_1, :c9_1, :c10_1, :c11_1, convert(nvarchar(max), convert(varbinary(max), cast(:c12_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c13_1 as varchar(max)), 2)));
-- update message
update message set rev = :rev1, changed_at = :changed_at1, changed_by = :changed_by1, change = :change1, format = :format1, subject = convert(nvarchar(max), convert(varbinary(max), cast(:subject1 as varchar(max)), 2)), body = convert(nvarchar(max), convert(varbinary(max), cast(:body1 as varchar(max)), 2)) where room_id = :room_id1 and seq = :seq1;
-- insert message_key
insert into message_key (sender_id, key_hash, room_id, seq, at, content_hash) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1);
-- insert mention
insert into mention (user_id, room_id, seq) values (:c0_0, :c1_0, :c2_0), (:c0_1, :c1_1, :c2_1);
-- insert object_name
insert into object_name (name_key, kind, object_id) values (:c0_0, :c1_0, :c2_0), (:c0_1, :c1_1, :c2_1);
-- insert policy
insert into policy (id, scope, name_key, name, description, enabled, revision, updated_at, updated_by) values (:c0_0, :c1_0, :c2_0, convert(nvarchar(max), convert(varbinary(max), cast(:c3_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), :c5_0, :c6_0, :c7_0, :c8_0), (:c0_1, :c1_1, :c2_1, convert(nvarchar(max), convert(varbinary(max), cast(:c3_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), :c5_1, :c6_1, :c7_1, :c8_1);
-- update policy
update policy set name_key = :name_key1, name = convert(nvarchar(max), convert(varbinary(max), cast(:name1 as varchar(max)), 2)), description = convert(nvarchar(max), convert(varbinary(max), cast(:description1 as varchar(max)), 2)), enabled = :enabled1, revision = revision + 1, updated_at = :updated_at1, updated_by = :updated_by1 where id = :id1 and revision = :revision1;
-- insert policy_grant
insert into policy_grant (user_id, policy_id, granted_at, granted_by) values (:c0_0, :c1_0, :c2_0, :c3_0), (:c0_1, :c1_1, :c2_1, :c3_1);
-- update policy_grant
update policy_grant set policy_id = :policy_id1, granted_at = :granted_at1, granted_by = :granted_by1 where user_id = :user_id1;
-- insert config_object
insert into config_object (kind, scope, scope_key, scope_name, body, revision, updated_at, updated_by) values (:c0_0, :c1_0, :c2_0, convert(nvarchar(max), convert(varbinary(max), cast(:c3_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), :c5_0, :c6_0, :c7_0), (:c0_1, :c1_1, :c2_1, convert(nvarchar(max), convert(varbinary(max), cast(:c3_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), :c5_1, :c6_1, :c7_1);
-- update config_object
update config_object set scope_name = convert(nvarchar(max), convert(varbinary(max), cast(:scope_name1 as varchar(max)), 2)), body = convert(nvarchar(max), convert(varbinary(max), cast(:body1 as varchar(max)), 2)), revision = revision + 1, updated_at = :updated_at1, updated_by = :updated_by1 where kind = :kind1 and scope = :scope1 and scope_key = :scope_key1 and revision = :revision1;
-- insert token
insert into token (id, uuid, secret_hash, user_id, parent_id, kind, role_mask, scope, label, created_at, expires_at, used_at, revoked_at) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, :c6_0, convert(nvarchar(max), convert(varbinary(max), cast(:c7_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c8_0 as varchar(max)), 2)), :c9_0, :c10_0, :c11_0, :c12_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, :c6_1, convert(nvarchar(max), convert(varbinary(max), cast(:c7_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c8_1 as varchar(max)), 2)), :c9_1, :c10_1, :c11_1, :c12_1);
-- insert session
insert into session (id, uuid, server_id, epoch, user_id, token_id, protocol, address, agent, connected_at) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, :c6_0, :c7_0, convert(nvarchar(max), convert(varbinary(max), cast(:c8_0 as varchar(max)), 2)), :c9_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, :c6_1, :c7_1, convert(nvarchar(max), convert(varbinary(max), cast(:c8_1 as varchar(max)), 2)), :c9_1);
-- insert participant
insert into participant (room_id, user_id, server_id, epoch, joined_at) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1);
-- insert principal
insert into principal (id, uuid, kind, source, disabled, name_key, name, name_sort, display_name, email, company, site, dn, dn_key, external_id, verified_at, revision, created_at, updated_at) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, convert(nvarchar(max), convert(varbinary(max), cast(:c6_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c7_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c8_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c9_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c10_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c11_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c12_0 as varchar(max)), 2)), :c13_0, :c14_0, :c15_0, :c16_0, :c17_0, :c18_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, convert(nvarchar(max), convert(varbinary(max), cast(:c6_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c7_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c8_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c9_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c10_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c11_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c12_1 as varchar(max)), 2)), :c13_1, :c14_1, :c15_1, :c16_1, :c17_1, :c18_1);
-- update principal
update principal set source = :source1, disabled = :disabled1, name_key = :name_key1, name = convert(nvarchar(max), convert(varbinary(max), cast(:name1 as varchar(max)), 2)), name_sort = convert(nvarchar(max), convert(varbinary(max), cast(:name_sort1 as varchar(max)), 2)), display_name = convert(nvarchar(max), convert(varbinary(max), cast(:display_name1 as varchar(max)), 2)), email = convert(nvarchar(max), convert(varbinary(max), cast(:email1 as varchar(max)), 2)), company = convert(nvarchar(max), convert(varbinary(max), cast(:company1 as varchar(max)), 2)), site = convert(nvarchar(max), convert(varbinary(max), cast(:site1 as varchar(max)), 2)), dn = convert(nvarchar(max), convert(varbinary(max), cast(:dn1 as varchar(max)), 2)), dn_key = :dn_key1, external_id = :external_id1, verified_at = :verified_at1, revision = revision + 1, updated_at = :updated_at1 where id = :id1 and revision = :revision1;
-- insert principal_member
insert into principal_member (parent_id, child_id) values (:c0_0, :c1_0), (:c0_1, :c1_1);
-- insert user_account
insert into user_account (user_id, password_hash, must_change, failed_count, failed_at, locked_until, changed_at) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, :c6_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, :c6_1);
-- update user_account
update user_account set password_hash = :password_hash1, must_change = :must_change1, failed_count = :failed_count1, failed_at = :failed_at1, locked_until = :locked_until1, changed_at = :changed_at1 where user_id = :user_id1;
-- insert admin_role
insert into admin_role (principal_id, role, granted_at, granted_by) values (:c0_0, :c1_0, :c2_0, :c3_0), (:c0_1, :c1_1, :c2_1, :c3_1);
-- update admin_role
update admin_role set granted_at = :granted_at1, granted_by = :granted_by1 where principal_id = :principal_id1 and role = :role1;
-- insert directory_sync
insert into directory_sync (domain, cookie, finished_at, next_at, try_count, last_error) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, convert(nvarchar(max), convert(varbinary(max), cast(:c5_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, convert(nvarchar(max), convert(varbinary(max), cast(:c5_1 as varchar(max)), 2)));
-- update directory_sync
update directory_sync set cookie = :cookie1, finished_at = :finished_at1, next_at = :next_at1, try_count = :try_count1, last_error = convert(nvarchar(max), convert(varbinary(max), cast(:last_error1 as varchar(max)), 2)) where domain = :domain1;
-- insert membership_purge
insert into membership_purge (id, uuid, at, actor_id, action, object_name) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, convert(nvarchar(max), convert(varbinary(max), cast(:c5_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, convert(nvarchar(max), convert(varbinary(max), cast(:c5_1 as varchar(max)), 2)));
-- insert purged_role
insert into purged_role (purge_id, room_id, role, principal_id) values (:c0_0, :c1_0, :c2_0, :c3_0), (:c0_1, :c1_1, :c2_1, :c3_1);
-- insert topology_version
insert into topology_version (version, document, sha256, published_at, published_by, comment) values (:c0_0, convert(nvarchar(max), convert(varbinary(max), cast(:c1_0 as varchar(max)), 2)), :c2_0, :c3_0, convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c5_0 as varchar(max)), 2))), (:c0_1, convert(nvarchar(max), convert(varbinary(max), cast(:c1_1 as varchar(max)), 2)), :c2_1, :c3_1, convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c5_1 as varchar(max)), 2)));
-- insert audit
insert into audit (id, at, server_id, actor_id, actor_name, address, request, action, outcome, object_kind, object_id, object_name, old_value, new_value) values (:c0_0, :c1_0, :c2_0, :c3_0, convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), :c5_0, :c6_0, :c7_0, :c8_0, :c9_0, :c10_0, convert(nvarchar(max), convert(varbinary(max), cast(:c11_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c12_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c13_0 as varchar(max)), 2))), (:c0_1, :c1_1, :c2_1, :c3_1, convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), :c5_1, :c6_1, :c7_1, :c8_1, :c9_1, :c10_1, convert(nvarchar(max), convert(varbinary(max), cast(:c11_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c12_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c13_1 as varchar(max)), 2)));
-- insert id_block
insert into id_block (name, next_id) values (:c0_0, :c1_0), (:c0_1, :c1_1);
-- insert deployment
insert into deployment (name, value) values (:c0_0, convert(nvarchar(max), convert(varbinary(max), cast(:c1_0 as varchar(max)), 2))), (:c0_1, convert(nvarchar(max), convert(varbinary(max), cast(:c1_1 as varchar(max)), 2)));
-- update deployment
update deployment set value = convert(nvarchar(max), convert(varbinary(max), cast(:value1 as varchar(max)), 2)) where name = :name1;
-- insert server
insert into server (id, uuid, fqdn, addresses, version, state, epoch, log_n, outbox_n, session_count, load_permille, started_at, heartbeat_at, expires_at) values (:c0_0, :c1_0, :c2_0, convert(nvarchar(max), convert(varbinary(max), cast(:c3_0 as varchar(max)), 2)), :c4_0, :c5_0, :c6_0, :c7_0, :c8_0, :c9_0, :c10_0, :c11_0, :c12_0, :c13_0), (:c0_1, :c1_1, :c2_1, convert(nvarchar(max), convert(varbinary(max), cast(:c3_1 as varchar(max)), 2)), :c4_1, :c5_1, :c6_1, :c7_1, :c8_1, :c9_1, :c10_1, :c11_1, :c12_1, :c13_1);
-- insert lease
insert into lease (name, owner_id, owner_name, fencing_token, acquired_at, expires_at) values (:c0_0, :c1_0, convert(nvarchar(max), convert(varbinary(max), cast(:c2_0 as varchar(max)), 2)), :c3_0, :c4_0, :c5_0), (:c0_1, :c1_1, convert(nvarchar(max), convert(varbinary(max), cast(:c2_1 as varchar(max)), 2)), :c3_1, :c4_1, :c5_1);
-- insert room
insert into room (id, uuid, category_id, addin_id, type, privacy, invitations, disabled, name, name_sort, description, revision, created_at, created_by, updated_at, updated_by, removed_at) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0, :c6_0, :c7_0, convert(nvarchar(max), convert(varbinary(max), cast(:c8_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c9_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c10_0 as varchar(max)), 2)), :c11_0, :c12_0, :c13_0, :c14_0, :c15_0, :c16_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1, :c6_1, :c7_1, convert(nvarchar(max), convert(varbinary(max), cast(:c8_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c9_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c10_1 as varchar(max)), 2)), :c11_1, :c12_1, :c13_1, :c14_1, :c15_1, :c16_1);
-- update room
update room set category_id = :category_id1, addin_id = :addin_id1, type = :type1, privacy = :privacy1, invitations = :invitations1, disabled = :disabled1, name = convert(nvarchar(max), convert(varbinary(max), cast(:name1 as varchar(max)), 2)), name_sort = convert(nvarchar(max), convert(varbinary(max), cast(:name_sort1 as varchar(max)), 2)), description = convert(nvarchar(max), convert(varbinary(max), cast(:description1 as varchar(max)), 2)), revision = revision + 1, updated_at = :updated_at1, updated_by = :updated_by1 where id = :id1 and revision = :revision1;
-- insert room_head
insert into room_head (room_id, last_seq, first_seq, rev, last_at, content_bytes) values (:c0_0, :c1_0, :c2_0, :c3_0, :c4_0, :c5_0), (:c0_1, :c1_1, :c2_1, :c3_1, :c4_1, :c5_1);
-- insert room_role
insert into room_role (room_id, role, principal_id) values (:c0_0, :c1_0, :c2_0), (:c0_1, :c1_1, :c2_1);
-- insert search_block
insert into search_block (word, from_at, occurrences) values (:c0_0, :c1_0, :c2_0), (:c0_1, :c1_1, :c2_1);
-- update search_block
update search_block set occurrences = :occurrences1 where word = :word1 and from_at = :from_at1;
-- insert search_entry
insert into search_entry (room_id, seq, at, words) values (:c0_0, :c1_0, :c2_0, :c3_0), (:c0_1, :c1_1, :c2_1, :c3_1);
-- update search_entry
update search_entry set at = :at1, words = :words1 where room_id = :room_id1 and seq = :seq1;
-- insert search_progress
insert into search_progress (room_id, seq, rev, first_seq) values (:c0_0, :c1_0, :c2_0, :c3_0), (:c0_1, :c1_1, :c2_1, :c3_1);
-- update search_progress
update search_progress set seq = :seq1, rev = :rev1, first_seq = :first_seq1 where room_id = :room_id1;
-- insert wall
insert into wall (id, uuid, name_key, name, description, revision, created_at, created_by, updated_at, updated_by) values (:c0_0, :c1_0, :c2_0, convert(nvarchar(max), convert(varbinary(max), cast(:c3_0 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_0 as varchar(max)), 2)), :c5_0, :c6_0, :c7_0, :c8_0, :c9_0), (:c0_1, :c1_1, :c2_1, convert(nvarchar(max), convert(varbinary(max), cast(:c3_1 as varchar(max)), 2)), convert(nvarchar(max), convert(varbinary(max), cast(:c4_1 as varchar(max)), 2)), :c5_1, :c6_1, :c7_1, :c8_1, :c9_1);
-- update wall
update wall set name_key = :name_key1, name = convert(nvarchar(max), convert(varbinary(max), cast(:name1 as varchar(max)), 2)), description = convert(nvarchar(max), convert(varbinary(max), cast(:description1 as varchar(max)), 2)), revision = revision + 1, updated_at = :updated_at1, updated_by = :updated_by1 where id = :id1 and revision = :revision1;
-- insert wall_principal
insert into wall_principal (wall_id, side, principal_id) values (:c0_0, :c1_0, :c2_0), (:c0_1, :c1_1, :c2_1);
-- chain head advance
update chain_head set fencing_token = :token, last_event_id = last_event_id + :events output inserted.id, inserted.fencing_token, inserted.last_event_id, inserted.last_batch_id, inserted.last_batch_hash where id = 1 and fencing_token <= :same_token;
-- chain head
select id, fencing_token, last_event_id, last_batch_id, last_batch_hash from chain_head where id = 1;
-- chain head batch
update chain_head set last_batch_id = :batch, last_batch_hash = :hash where id = 1 and last_batch_id = :previous and last_batch_hash = :previous_hash;
-- event known
select uuid from event where uuid = :uuid;
-- events known
select uuid from event where uuid in (:u0, :u1, :u2, :u3, :u4, :u5, :u6, :u7, :u8, :u9, :u10, :u11, :u12, :u13, :u14, :u15);
-- events after
select id, uuid, origin_id, n, at, recorded_at, seq, room_uuid, user_uuid, kind, body from event where id > :after and id <= :up_to order by id offset 0 rows fetch next :n rows only;
-- events of a room
select id, uuid, origin_id, n, at, recorded_at, seq, room_uuid, user_uuid, kind, body from event where room_uuid = :room and id > :after and id <= :up_to order by id offset 0 rows fetch next :n rows only;
-- events of a user
select id, uuid, origin_id, n, at, recorded_at, seq, room_uuid, user_uuid, kind, body from event where user_uuid = :user and id > :after and id <= :up_to order by id offset 0 rows fetch next :n rows only;
-- events of a user in a room
select id, uuid, origin_id, n, at, recorded_at, seq, room_uuid, user_uuid, kind, body from event where room_uuid = :room and user_uuid = :user and id > :after and id <= :up_to order by id offset 0 rows fetch next :n rows only;
-- visits after
select id, uuid, origin_id, n, at, recorded_at, seq, room_uuid, user_uuid, kind, body from event where origin_id = :origin and n > :n and kind in (2, 3) order by n offset 0 rows fetch next :limit rows only;
-- origin cursor
select origin_id, n, updated_at from origin_cursor where origin_id = :origin;
-- batches after
select id, first_event_id, last_event_id, event_count, prev_hash, hash, closed_at, pruned_at from batch where id > :after order by id offset 0 rows fetch next :n rows only;
-- batch of an event
select id, first_event_id, last_event_id, event_count, prev_hash, hash, closed_at, pruned_at from batch where last_event_id >= :event order by last_event_id offset 0 rows fetch next :n rows only;
-- batch prune
update batch set pruned_at = :at where id = :id and pruned_at is null;
-- events prune
delete from event where id >= (select first_event_id from batch where id = :batch) and id <= (select last_event_id from batch where id = :same_batch);
-- adapters
select name, last_batch_id, state, try_count, next_try_at, succeeded_at, last_error from adapter_state order by name;
-- hold release
update legal_hold set released_at = :at, released_by = convert(nvarchar(max), convert(varbinary(max), cast(:by as varchar(max)), 2)) where id = :id and released_at is null;
-- holds
select id, uuid, name_key, name, reason, from_at, to_at, created_at, created_by, released_at, released_by from legal_hold order by created_at, id;
-- hold targets
select hold_id, kind, target_uuid from legal_hold_target where hold_id = :hold order by kind, target_uuid;
-- holds over a target
select h.id from legal_hold_target t join legal_hold h on h.id = t.hold_id where t.kind = :kind and t.target_uuid = :target and h.released_at is null order by h.id;
-- category by id
select id, uuid, name, name_sort, description, invitations, file_upload, history, revision, created_at, created_by, updated_at, updated_by from category where id = :id;
-- category by uuid
select id, uuid, name, name_sort, description, invitations, file_upload, history, revision, created_at, created_by, updated_at, updated_by from category where uuid = :uuid;
-- category by name
select id, uuid, name, name_sort, description, invitations, file_upload, history, revision, created_at, created_by, updated_at, updated_by from category where id = (select object_id from object_name where name_key = :name_key and kind = 1);
-- categories, a page
select id, uuid, name, name_sort, description, invitations, file_upload, history, revision, created_at, created_by, updated_at, updated_by from category where name_sort >= convert(nvarchar(max), convert(varbinary(max), cast(:from as varchar(max)), 2)) and (name_sort > convert(nvarchar(max), convert(varbinary(max), cast(:after as varchar(max)), 2)) or id > :id) order by name_sort, id offset 0 rows fetch next :n rows only;
-- categories
select id, uuid, name, name_sort, description, invitations, file_upload, history, revision, created_at, created_by, updated_at, updated_by from category order by id;
-- category scope erase
delete from category_principal where category_id = :category;
-- category erase
delete from category where id = :id;
-- category scope remove
delete from category_principal where category_id = :category and kind = :kind and principal_id = :principal;
-- rooms of a category count
select count(*) from room where category_id = :category;
-- category scope
select category_id, kind, principal_id from category_principal where category_id = :category order by kind, principal_id;
-- category scopes of a principal
select category_id, kind, principal_id from category_principal where principal_id = :principal order by category_id, kind;
-- category scopes
select category_id, kind, principal_id from category_principal order by category_id, kind, principal_id;
-- add-in by uuid
select id, uuid, name_key, name, url, revision, created_at, created_by, updated_at, updated_by from addin where uuid = :uuid;
-- add-in by name
select id, uuid, name_key, name, url, revision, created_at, created_by, updated_at, updated_by from addin where name_key = :name_key;
-- add-ins
select id, uuid, name_key, name, url, revision, created_at, created_by, updated_at, updated_by from addin order by name_key;
-- add-in erase
delete from addin where id = :id;
-- endpoint by name
select id, uuid, name_key, name, pool, display_name, created_at, created_by from endpoint where name_key = :name_key;
-- endpoints
select id, uuid, name_key, name, pool, display_name, created_at, created_by from endpoint order by id;
-- endpoint erase
delete from endpoint where id = :id;
-- invitation number
update invitation_head set last_sequence = last_sequence + 1 output inserted.last_sequence where user_id = :user;
-- invitations after
select user_id, sequence, room_id, at, invited_by from invitation where user_id = :user and sequence > :sequence order by sequence offset 0 rows fetch next :n rows only;
-- invited to a room
select user_id from invitation where room_id = :room order by user_id;
-- invitations withdraw
delete from invitation where room_id = :room;
-- invitation withdraw
delete from invitation where room_id = :room and user_id = :user;
-- origin log after
select origin_id, n, at, kind, body from origin_log where origin_id = :origin and n > :n order by n offset 0 rows fetch next :limit rows only;
-- origin log, end of a portion
select coalesce(min(case when p.at >= :at then p.n - 1 end), max(p.n), 0) from (select n, at from origin_log where origin_id = :origin order by n offset 0 rows fetch next :limit rows only) p;
-- origin log erase
delete from origin_log where origin_id = :origin and n <= :n;
-- outbox front
select origin_id, n, uuid, at, kind, body from compliance_outbox where origin_id = :origin order by n offset 0 rows fetch next :limit rows only;
-- outbox after
select origin_id, n, uuid, at, kind, body from compliance_outbox where origin_id = :origin and n > :n order by n offset 0 rows fetch next :limit rows only;
-- outbox erase
delete from compliance_outbox where origin_id = :origin and n <= :n;
-- read mark advance
update read_mark set seq = :seq, at = :at where user_id = :user_id and room_id = :room_id and seq < :higher;
-- read mark
select user_id, room_id, seq, at from read_mark where user_id = :user_id and room_id = :room_id;
-- read marks of a user
select user_id, room_id, seq, at from read_mark where user_id = :user_id order by room_id;
-- mentions unread
select count(*) from mention m where m.user_id = :user_id and m.room_id = :room_id and m.seq > :after and m.seq - :last <= 0 and not exists (select 1 from message t where t.room_id = m.room_id and t.seq = m.seq and t.transit = 1);
-- keywords remove
delete from keyword_watch where user_id = :user_id;
-- keywords
select user_id, keyword_key, keyword from keyword_watch order by user_id, keyword_key;
-- file complete
update stored_file set state = 2, size_bytes = :size_bytes, sha256 = :sha256 where id = :id and state = 1;
-- file remove
update stored_file set state = 3, removed_at = :at where id = :id and state < 3;
-- file by uuid
select id, uuid, room_id, uploader_id, state, size_bytes, sha256, name, media_type, created_at, removed_at from stored_file where uuid = :uuid;
-- files by id
select id, uuid, room_id, uploader_id, state, size_bytes, sha256, name, media_type, created_at, removed_at from stored_file where id in (:i0, :i1, :i2, :i3, :i4, :i5, :i6, :i7);
-- files of a room
select id, uuid, room_id, uploader_id, state, size_bytes, sha256, name, media_type, created_at, removed_at from stored_file where room_id = :room_id and id > :after and state = 2 order by id offset 0 rows fetch next :n rows only;
-- files arriving
select id, uuid, room_id, uploader_id, state, size_bytes, sha256, name, media_type, created_at, removed_at from stored_file where state = 1 and created_at < :at order by created_at offset 0 rows fetch next :n rows only;
-- message key known
select sender_id, key_hash, room_id, seq, at, content_hash from message_key where sender_id = :sender and key_hash = :key;
-- message keys known
select sender_id, key_hash, room_id, seq, at, content_hash from message_key where (sender_id = :s0 and key_hash = :k0) or (sender_id = :s1 and key_hash = :k1) or (sender_id = :s2 and key_hash = :k2) or (sender_id = :s3 and key_hash = :k3) or (sender_id = :s4 and key_hash = :k4) or (sender_id = :s5 and key_hash = :k5) or (sender_id = :s6 and key_hash = :k6) or (sender_id = :s7 and key_hash = :k7) or (sender_id = :s8 and key_hash = :k8) or (sender_id = :s9 and key_hash = :k9) or (sender_id = :s10 and key_hash = :k10) or (sender_id = :s11 and key_hash = :k11) or (sender_id = :s12 and key_hash = :k12) or (sender_id = :s13 and key_hash = :k13) or (sender_id = :s14 and key_hash = :k14) or (sender_id = :s15 and key_hash = :k15) or (sender_id = :s16 and key_hash = :k16) or (sender_id = :s17 and key_hash = :k17) or (sender_id = :s18 and key_hash = :k18) or (sender_id = :s19 and key_hash = :k19) or (sender_id = :s20 and key_hash = :k20) or (sender_id = :s21 and key_hash = :k21) or (sender_id = :s22 and key_hash = :k22) or (sender_id = :s23 and key_hash = :k23) or (sender_id = :s24 and key_hash = :k24) or (sender_id = :s25 and key_hash = :k25) or (sender_id = :s26 and key_hash = :k26) or (sender_id = :s27 and key_hash = :k27) or (sender_id = :s28 and key_hash = :k28) or (sender_id = :s29 and key_hash = :k29) or (sender_id = :s30 and key_hash = :k30) or (sender_id = :s31 and key_hash = :k31);
-- room head raise
update room_head set last_seq = last_seq + :messages, content_bytes = content_bytes + :bytes, last_at = case when last_at > :at then last_at else :same_at end output inserted.room_id, inserted.last_seq, inserted.first_seq, inserted.rev, inserted.last_at, inserted.content_bytes where room_id = :room;
-- room head raise rev
update room_head set rev = rev + 1, content_bytes = content_bytes + :bytes output inserted.room_id, inserted.last_seq, inserted.first_seq, inserted.rev, inserted.last_at, inserted.content_bytes where room_id = :room;
-- room head raise first
update room_head set first_seq = case when :first > last_seq + 1 then last_seq + 1 else :same_first end where room_id = :room and first_seq < :still_first;
-- room head
select room_id, last_seq, first_seq, rev, last_at, content_bytes from room_head where room_id = :room;
-- room heads
select room_id, last_seq, first_seq, rev, last_at, content_bytes from room_head order by room_id;
-- message by number
select room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, change, kind, format, transit, subject, body from message where room_id = :room and seq = :seq;
-- messages up to a number
select room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, change, kind, format, transit, subject, body from message where room_id = :room and seq <= :seq order by seq desc offset 0 rows fetch next :n rows only;
-- messages after a number
select room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, change, kind, format, transit, subject, body from message where room_id = :room and seq > :seq order by seq offset 0 rows fetch next :n rows only;
-- kept messages up to a number
select room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, change, kind, format, transit, subject, body from message where room_id = :room and seq <= :seq and transit = 0 order by seq desc offset 0 rows fetch next :n rows only;
-- kept messages after a number
select room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, change, kind, format, transit, subject, body from message where room_id = :room and seq > :seq and transit = 0 order by seq offset 0 rows fetch next :n rows only;
-- utterances up to a number
select seq, at, sender_id from message where room_id = :room and seq <= :seq and transit = 0 order by seq desc offset 0 rows fetch next :n rows only;
-- kept messages of a stretch, counted
select count(*) from (select seq from message where room_id = :room and seq > :after and seq <= :last and transit = 0 order by seq offset 0 rows fetch next :n rows only) p;
-- messages changed since
select room_id, seq, at, sender_id, file_id, rev, changed_at, changed_by, change, kind, format, transit, subject, body from message where room_id = :room and rev > :rev and rev > 0 order by rev offset 0 rows fetch next :n rows only;
-- messages of a room, end of a portion
select coalesce(max(p.seq), 0) from (select seq from message where room_id = :room and seq < :seq order by seq offset 0 rows fetch next :n rows only) p;
-- mentions erase
delete from mention where room_id = :room and seq <= :seq;
-- messages erase
delete from message where room_id = :room and seq <= :seq;
-- messages in transit
select room_id, seq from message where transit = 1 and at < :at order by at offset 0 rows fetch next :n rows only;
-- mentions in transit erase
delete from mention where room_id = :room and seq <= :seq and seq in (select t.seq from message t where t.room_id = :same_room and t.seq <= :same_seq and t.transit = 1);
-- messages in transit erase
delete from message where room_id = :room and seq <= :seq and transit = 1;
-- message keys, end of a portion
select coalesce(max(p.at), -1) from (select at from message_key where at < :at order by at offset 0 rows fetch next :n rows only) p;
-- message keys erase
delete from message_key where at <= :at;
-- room heads lock
select room_id from room_head with (updlock, rowlock) where room_id in (:l0, :l1, :l2, :l3, :l4, :l5, :l6, :l7, :l8, :l9, :l10, :l11, :l12, :l13, :l14, :l15, :l16, :l17, :l18, :l19, :l20, :l21, :l22, :l23, :l24, :l25, :l26, :l27, :l28, :l29, :l30, :l31) order by room_id;
-- room heads raise
update room_head set last_seq = last_seq + case room_id when :q0 then :n0 when :q1 then :n1 when :q2 then :n2 when :q3 then :n3 when :q4 then :n4 when :q5 then :n5 when :q6 then :n6 when :q7 then :n7 when :q8 then :n8 when :q9 then :n9 when :q10 then :n10 when :q11 then :n11 when :q12 then :n12 when :q13 then :n13 when :q14 then :n14 when :q15 then :n15 when :q16 then :n16 when :q17 then :n17 when :q18 then :n18 when :q19 then :n19 when :q20 then :n20 when :q21 then :n21 when :q22 then :n22 when :q23 then :n23 when :q24 then :n24 when :q25 then :n25 when :q26 then :n26 when :q27 then :n27 when :q28 then :n28 when :q29 then :n29 when :q30 then :n30 when :q31 then :n31 else cast(0 as bigint) end, content_bytes = content_bytes + case room_id when :p0 then :b0 when :p1 then :b1 when :p2 then :b2 when :p3 then :b3 when :p4 then :b4 when :p5 then :b5 when :p6 then :b6 when :p7 then :b7 when :p8 then :b8 when :p9 then :b9 when :p10 then :b10 when :p11 then :b11 when :p12 then :b12 when :p13 then :b13 when :p14 then :b14 when :p15 then :b15 when :p16 then :b16 when :p17 then :b17 when :p18 then :b18 when :p19 then :b19 when :p20 then :b20 when :p21 then :b21 when :p22 then :b22 when :p23 then :b23 when :p24 then :b24 when :p25 then :b25 when :p26 then :b26 when :p27 then :b27 when :p28 then :b28 when :p29 then :b29 when :p30 then :b30 when :p31 then :b31 else cast(0 as bigint) end, last_at = case when last_at > :at then last_at else :same_at end output inserted.room_id, inserted.last_seq, inserted.first_seq, inserted.rev, inserted.last_at, inserted.content_bytes where room_id in (:r0, :r1, :r2, :r3, :r4, :r5, :r6, :r7, :r8, :r9, :r10, :r11, :r12, :r13, :r14, :r15, :r16, :r17, :r18, :r19, :r20, :r21, :r22, :r23, :r24, :r25, :r26, :r27, :r28, :r29, :r30, :r31);
-- object by name
select name_key, kind, object_id from object_name where name_key = :name_key;
-- object name free
delete from object_name where kind = :kind and object_id = :id;
-- policy by name
select id, scope, name_key, name, description, enabled, revision, updated_at, updated_by from policy where scope = :scope and name_key = :name_key;
-- policies
select id, scope, name_key, name, description, enabled, revision, updated_at, updated_by from policy order by id;
-- policy remove
delete from policy where id = :id;
-- policy grant remove
delete from policy_grant where user_id = :user_id;
-- policy grants
select user_id from policy_grant where policy_id = :policy_id order by user_id;
-- policy granted to a user
select policy_id from policy_grant where user_id = :user_id;
-- policy grants, all
select user_id, policy_id, granted_at, granted_by from policy_grant order by user_id;
-- config object remove
delete from config_object where kind = :kind and scope = :scope and scope_key = :scope_key;
-- config objects
select kind, scope, scope_key, scope_name, body, revision, updated_at, updated_by from config_object order by kind, scope, scope_key;
-- token by secret
select id, uuid, secret_hash, user_id, parent_id, kind, role_mask, scope, label, created_at, expires_at, used_at, revoked_at from token where secret_hash = :secret_hash;
-- token by id
select id, uuid, secret_hash, user_id, parent_id, kind, role_mask, scope, label, created_at, expires_at, used_at, revoked_at from token where id = :id;
-- tokens of a user in force
select id, uuid, secret_hash, user_id, parent_id, kind, role_mask, scope, label, created_at, expires_at, used_at, revoked_at from token where user_id = :user_id and kind = :kind and revoked_at is null and (expires_at is null or expires_at > :now) order by id;
-- token used
update token set used_at = :at where id = :id;
-- token revoke
update token set revoked_at = :at where uuid = :uuid and revoked_at is null and (expires_at is null or expires_at > :now);
-- tokens of a user revoke
update token set revoked_at = :at where user_id = :user_id and revoked_at is null and (expires_at is null or expires_at > :now);
-- tokens expired, end of a portion
select coalesce(max(p.expires_at), -1) from (select expires_at from token where expires_at < :at order by expires_at offset 0 rows fetch next :n rows only) p;
-- tokens erase
delete from token where expires_at <= :at;
-- tickets expired, end of a portion
select coalesce(max(p.expires_at), -1) from (select expires_at from token where expires_at < :at and kind = :kind order by expires_at offset 0 rows fetch next :n rows only) p;
-- tickets erase
delete from token where expires_at <= :at and kind = :kind;
-- session erase
delete from session where id = :id;
-- session by uuid
select id, uuid, server_id, epoch, user_id, token_id, protocol, address, agent, connected_at from session where uuid = :uuid;
-- sessions of a user
select id, uuid, server_id, epoch, user_id, token_id, protocol, address, agent, connected_at from session where user_id = :user_id order by id;
-- sessions count
select count(*) from session;
-- sessions after
select id, uuid, server_id, epoch, user_id, token_id, protocol, address, agent, connected_at from session where uuid > :uuid order by uuid offset 0 rows fetch next :n rows only;
-- sessions of lives, end of a portion
select coalesce(max(p.id), 0) from (select id from session where server_id = :server_id and epoch <= :epoch order by id offset 0 rows fetch next :n rows only) p;
-- sessions erase
delete from session where server_id = :server_id and epoch <= :epoch and id <= :id;
-- participants between
select room_id, user_id, server_id, epoch, joined_at from participant where room_id = :room_id and user_id >= :lowest and user_id <= :highest;
-- participant erase
delete from participant where room_id = :room_id and user_id = :user_id and server_id = :server_id and epoch = :epoch;
-- participants of a room
select room_id, user_id, server_id, epoch, joined_at from participant where room_id = :room_id order by user_id, server_id, epoch;
-- participants of a life
select room_id, user_id, server_id, epoch, joined_at from participant where server_id = :server_id and epoch = :epoch and (room_id > :room_id or (room_id = :same_room and user_id > :user_id)) order by room_id, user_id offset 0 rows fetch next :n rows only;
-- participants of lives
select room_id, user_id, server_id, epoch, joined_at from participant where server_id = :server_id and epoch <= :epoch order by server_id, epoch offset 0 rows fetch next :n rows only;
-- principal lock
update principal set revision = revision where id = :id;
-- principal by id
select id, uuid, kind, source, disabled, name_key, name, name_sort, display_name, email, company, site, dn, dn_key, external_id, verified_at, revision, created_at, updated_at from principal where id = :id;
-- principal by uuid
select id, uuid, kind, source, disabled, name_key, name, name_sort, display_name, email, company, site, dn, dn_key, external_id, verified_at, revision, created_at, updated_at from principal where uuid = :uuid;
-- principal by name
select id, uuid, kind, source, disabled, name_key, name, name_sort, display_name, email, company, site, dn, dn_key, external_id, verified_at, revision, created_at, updated_at from principal where kind = :kind and name_key = :name_key;
-- principal by dn
select id, uuid, kind, source, disabled, name_key, name, name_sort, display_name, email, company, site, dn, dn_key, external_id, verified_at, revision, created_at, updated_at from principal where dn_key = :dn_key;
-- principal by external id
select id, uuid, kind, source, disabled, name_key, name, name_sort, display_name, email, company, site, dn, dn_key, external_id, verified_at, revision, created_at, updated_at from principal where external_id = :external_id;
-- principals, a page
select id, uuid, kind, source, disabled, name_key, name, name_sort, display_name, email, company, site, dn, dn_key, external_id, verified_at, revision, created_at, updated_at from principal where kind = :kind and name_sort >= convert(nvarchar(max), convert(varbinary(max), cast(:from as varchar(max)), 2)) and (name_sort > convert(nvarchar(max), convert(varbinary(max), cast(:after as varchar(max)), 2)) or id > :id) order by name_sort, id offset 0 rows fetch next :n rows only;
-- principals
select id, uuid, kind, source, disabled, name_key, name, name_sort, display_name, email, company, site, dn, dn_key, external_id, verified_at, revision, created_at, updated_at from principal order by id;
-- members between
select parent_id, child_id from principal_member where parent_id = :parent and child_id >= :lowest and child_id <= :highest;
-- member remove
delete from principal_member where parent_id = :parent and child_id = :child;
-- members of a principal
select child_id from principal_member where parent_id = :parent order by child_id;
-- memberships of a principal
select parent_id from principal_member where child_id = :child order by parent_id;
-- members, all
select parent_id, child_id from principal_member order by parent_id, child_id;
-- admin role remove
delete from admin_role where principal_id = :principal and role = :role;
-- admin roles
select principal_id, role, granted_at, granted_by from admin_role order by principal_id, role;
-- account
select user_id, password_hash, must_change, failed_count, failed_at, locked_until, changed_at from user_account where user_id = :user_id;
-- account remove
delete from user_account where user_id = :user_id;
-- directory progress
select domain, cookie, finished_at, next_at, try_count, last_error from directory_sync where domain = :domain;
-- purge by id
select id, uuid, at, actor_id, action, object_name from membership_purge where id = :id;
-- purge by uuid
select id, uuid, at, actor_id, action, object_name from membership_purge where uuid = :uuid;
-- purged roles of a purge
select purge_id, room_id, role, principal_id from purged_role where purge_id = :purge order by room_id, role, principal_id;
-- purged roles of a room
select purge_id, room_id, role, principal_id from purged_role where room_id = :room order by purge_id, role, principal_id;
-- purged role erase
delete from purged_role where purge_id = :purge and room_id = :room and role = :role and principal_id = :principal;
-- purge erase when empty
delete from membership_purge where id = :id and not exists (select 1 from purged_role where purge_id = :purge);
-- purges of before
select id from membership_purge where at < :at order by at, id offset 0 rows fetch next :n rows only;
-- purged roles erase
delete from purged_role where purge_id = :purge;
-- purge erase
delete from membership_purge where id = :id;
-- topology, last version
select coalesce(max(version), 0) from topology_version;
-- topology latest
select version, document, sha256, published_at, published_by, comment from topology_version where version = (select max(version) from topology_version);
-- topology by version
select version, document, sha256, published_at, published_by, comment from topology_version where version = :version;
-- topologies
select version, sha256, published_at, published_by, comment from topology_version order by version desc offset 0 rows fetch next :n rows only;
-- audit
select id, at, server_id, actor_id, actor_name, address, request, action, outcome, object_kind, object_id, object_name, old_value, new_value from audit where at <= :up_to and (at < :below or id < :before) order by at desc, id desc offset 0 rows fetch next :n rows only;
-- audit of an actor
select id, at, server_id, actor_id, actor_name, address, request, action, outcome, object_kind, object_id, object_name, old_value, new_value from audit where actor_id = :actor_id and at <= :up_to and (at < :below or id < :before) order by at desc, id desc offset 0 rows fetch next :n rows only;
-- audit of an object
select id, at, server_id, actor_id, actor_name, address, request, action, outcome, object_kind, object_id, object_name, old_value, new_value from audit where object_kind = :object_kind and object_id = :object_id and at <= :up_to and (at < :below or id < :before) order by at desc, id desc offset 0 rows fetch next :n rows only;
-- audit of an actor and an object
select id, at, server_id, actor_id, actor_name, address, request, action, outcome, object_kind, object_id, object_name, old_value, new_value from audit where object_kind = :object_kind and object_id = :object_id and actor_id = :actor_id and at <= :up_to and (at < :below or id < :before) order by at desc, id desc offset 0 rows fetch next :n rows only;
-- ids take
update id_block set next_id = next_id + :count output inserted.next_id where name = :name;
-- clock
select (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t);
-- fact by name
select value from deployment where name = :name;
-- server by name
select id, uuid, fqdn, addresses, version, state, epoch, log_n, outbox_n, session_count, load_permille, started_at, heartbeat_at, expires_at from server where fqdn = :fqdn;
-- server begin a life
update server set uuid = :uuid, addresses = convert(nvarchar(max), convert(varbinary(max), cast(:addresses as varchar(max)), 2)), version = :version, state = :state, epoch = epoch + 1, session_count = 0, load_permille = 0, started_at = :now, heartbeat_at = :beat, expires_at = :expires where id = :id;
-- server heartbeat
update server set session_count = :sessions, load_permille = :load, heartbeat_at = (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t), expires_at = (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t) + :lifetime where id = :id and epoch = :epoch;
-- server announce
update server set addresses = convert(nvarchar(max), convert(varbinary(max), cast(:addresses as varchar(max)), 2)) where id = :id and epoch = :epoch;
-- server leave
update server set session_count = 0, load_permille = 0, expires_at = 0 where id = :id and epoch = :epoch;
-- server advance
update server set log_n = log_n + 1, outbox_n = outbox_n + :outbox output inserted.id, inserted.uuid, inserted.fqdn, inserted.addresses, inserted.version, inserted.state, inserted.epoch, inserted.log_n, inserted.outbox_n, inserted.session_count, inserted.load_permille, inserted.started_at, inserted.heartbeat_at, inserted.expires_at where id = :id and epoch = :epoch;
-- server state
update server set state = :state where id = :id;
-- server fence
update server set epoch = epoch + 1, expires_at = case when expires_at < (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t) then expires_at else (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t) end where id = :id and epoch = :epoch;
-- servers
select id, uuid, fqdn, addresses, version, state, epoch, log_n, outbox_n, session_count, load_permille, started_at, heartbeat_at, expires_at from server order by fqdn;
-- lease by name
select name, owner_id, owner_name, fencing_token, acquired_at, expires_at from lease where name = :name;
-- lease renew
update lease set expires_at = (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t) + :lifetime where name = :name and fencing_token = :token and owner_name = convert(nvarchar(max), convert(varbinary(max), cast(:owner as varchar(max)), 2));
-- lease take
update lease set owner_id = :owner_id, owner_name = convert(nvarchar(max), convert(varbinary(max), cast(:owner as varchar(max)), 2)), fencing_token = fencing_token + 1, acquired_at = (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t), expires_at = (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t) + :lifetime where name = :name and expires_at <= (select cast(datediff(second, '19700101', t.utc) as bigint) * 1000000 + datepart(microsecond, t.utc) from (select sysutcdatetime() as utc) as t);
-- lease release
update lease set expires_at = 0 where name = :name and fencing_token = :token;
-- leases
select name, owner_id, owner_name, fencing_token, acquired_at, expires_at from lease order by name;
-- room by id
select id, uuid, category_id, addin_id, type, privacy, invitations, disabled, name, name_sort, description, revision, created_at, created_by, updated_at, updated_by, removed_at from room where id = :id and removed_at is null;
-- room by uuid
select id, uuid, category_id, addin_id, type, privacy, invitations, disabled, name, name_sort, description, revision, created_at, created_by, updated_at, updated_by, removed_at from room where uuid = :uuid and removed_at is null;
-- room by name
select id, uuid, category_id, addin_id, type, privacy, invitations, disabled, name, name_sort, description, revision, created_at, created_by, updated_at, updated_by, removed_at from room where id = (select object_id from object_name where name_key = :name_key and kind = 2);
-- rooms, a page
select id, uuid, category_id, addin_id, type, privacy, invitations, disabled, name, name_sort, description, revision, created_at, created_by, updated_at, updated_by, removed_at from room where removed_at is null and name_sort >= convert(nvarchar(max), convert(varbinary(max), cast(:from as varchar(max)), 2)) and (name_sort > convert(nvarchar(max), convert(varbinary(max), cast(:after as varchar(max)), 2)) or id > :id) order by name_sort, id offset 0 rows fetch next :n rows only;
-- rooms of a category, a page
select id, uuid, category_id, addin_id, type, privacy, invitations, disabled, name, name_sort, description, revision, created_at, created_by, updated_at, updated_by, removed_at from room where category_id = :category and removed_at is null and name_sort >= convert(nvarchar(max), convert(varbinary(max), cast(:from as varchar(max)), 2)) and (name_sort > convert(nvarchar(max), convert(varbinary(max), cast(:after as varchar(max)), 2)) or id > :id) order by name_sort, id offset 0 rows fetch next :n rows only;
-- rooms with an add-in
select id, uuid, category_id, addin_id, type, privacy, invitations, disabled, name, name_sort, description, revision, created_at, created_by, updated_at, updated_by, removed_at from room where addin_id = :addin and removed_at is null order by id;
-- rooms
select id, uuid, category_id, addin_id, type, privacy, invitations, disabled, name, name_sort, description, revision, created_at, created_by, updated_at, updated_by, removed_at from room where removed_at is null order by id;
-- room remove
update room set removed_at = :at, updated_at = :updated_at, revision = revision + 1 where id = :id and removed_at is null;
-- rooms removed
select id from room where removed_at is not null order by removed_at offset 0 rows fetch next :n rows only;
-- room roles purge
delete from room_role where room_id = :room;
-- room purged roles purge
delete from purged_role where room_id = :room;
-- room head purge
delete from room_head where room_id = :room;
-- room purge
delete from room where id = :id and removed_at is not null;
-- room role remove
delete from room_role where room_id = :room and role = :role and principal_id = :principal;
-- room roles
select room_id, role, principal_id from room_role where room_id = :room order by role, principal_id;
-- room roles of a principal
select room_id, role, principal_id from room_role where principal_id = :principal order by role, room_id;
-- room roles, all
select room_id, role, principal_id from room_role order by room_id, role, principal_id;
-- search rooms behind
select h.room_id, h.last_seq, h.first_seq, h.rev, h.last_at, h.content_bytes, coalesce(p.seq, 0), coalesce(p.rev, 0), coalesce(p.first_seq, 0) from room_head h left join search_progress p on p.room_id = h.room_id where h.room_id > :after and h.last_seq - coalesce(p.seq, 0) <= :most and ((p.room_id is null and h.last_seq > 0) or p.seq < h.last_seq or p.rev < h.rev or p.first_seq < h.first_seq) order by h.room_id offset 0 rows fetch next :n rows only;
-- search rooms behind, of many
select h.room_id, h.last_seq, h.first_seq, h.rev, h.last_at, h.content_bytes, coalesce(p.seq, 0), coalesce(p.rev, 0), coalesce(p.first_seq, 0) from room_head h left join search_progress p on p.room_id = h.room_id where h.room_id in (:r0, :r1, :r2, :r3, :r4, :r5, :r6, :r7, :r8, :r9, :r10, :r11, :r12, :r13, :r14, :r15, :r16, :r17, :r18, :r19, :r20, :r21, :r22, :r23, :r24, :r25, :r26, :r27, :r28, :r29, :r30, :r31) and ((p.room_id is null and h.last_seq > 0) or p.seq < h.last_seq or p.rev < h.rev or p.first_seq < h.first_seq) ;
-- search rooms gone
select p.room_id from search_progress p left join room_head h on h.room_id = p.room_id where h.room_id is null order by p.room_id offset 0 rows fetch next :n rows only;
-- search progress
select room_id, seq, rev, first_seq from search_progress where room_id = :room;
-- search progress forget
delete from search_progress where room_id = :room;
-- search progress of many
update search_progress set seq = case room_id when :q0 then :s0 when :q1 then :s1 when :q2 then :s2 when :q3 then :s3 when :q4 then :s4 when :q5 then :s5 when :q6 then :s6 when :q7 then :s7 when :q8 then :s8 when :q9 then :s9 when :q10 then :s10 when :q11 then :s11 when :q12 then :s12 when :q13 then :s13 when :q14 then :s14 when :q15 then :s15 when :q16 then :s16 when :q17 then :s17 when :q18 then :s18 when :q19 then :s19 when :q20 then :s20 when :q21 then :s21 when :q22 then :s22 when :q23 then :s23 when :q24 then :s24 when :q25 then :s25 when :q26 then :s26 when :q27 then :s27 when :q28 then :s28 when :q29 then :s29 when :q30 then :s30 when :q31 then :s31 else seq end, rev = case room_id when :p0 then :v0 when :p1 then :v1 when :p2 then :v2 when :p3 then :v3 when :p4 then :v4 when :p5 then :v5 when :p6 then :v6 when :p7 then :v7 when :p8 then :v8 when :p9 then :v9 when :p10 then :v10 when :p11 then :v11 when :p12 then :v12 when :p13 then :v13 when :p14 then :v14 when :p15 then :v15 when :p16 then :v16 when :p17 then :v17 when :p18 then :v18 when :p19 then :v19 when :p20 then :v20 when :p21 then :v21 when :p22 then :v22 when :p23 then :v23 when :p24 then :v24 when :p25 then :v25 when :p26 then :v26 when :p27 then :v27 when :p28 then :v28 when :p29 then :v29 when :p30 then :v30 when :p31 then :v31 else rev end, first_seq = case room_id when :o0 then :f0 when :o1 then :f1 when :o2 then :f2 when :o3 then :f3 when :o4 then :f4 when :o5 then :f5 when :o6 then :f6 when :o7 then :f7 when :o8 then :f8 when :o9 then :f9 when :o10 then :f10 when :o11 then :f11 when :o12 then :f12 when :o13 then :f13 when :o14 then :f14 when :o15 then :f15 when :o16 then :f16 when :o17 then :f17 when :o18 then :f18 when :o19 then :f19 when :o20 then :f20 when :o21 then :f21 when :o22 then :f22 when :o23 then :f23 when :o24 then :f24 when :o25 then :f25 when :o26 then :f26 when :o27 then :f27 when :o28 then :f28 when :o29 then :f29 when :o30 then :f30 when :o31 then :f31 else first_seq end where room_id in (:r0, :r1, :r2, :r3, :r4, :r5, :r6, :r7, :r8, :r9, :r10, :r11, :r12, :r13, :r14, :r15, :r16, :r17, :r18, :r19, :r20, :r21, :r22, :r23, :r24, :r25, :r26, :r27, :r28, :r29, :r30, :r31);
-- search block
select word, from_at, occurrences from search_block where word = :word and from_at <= :at order by from_at desc offset 0 rows fetch next :n rows only;
-- search blocks
select word, from_at, occurrences from search_block where (word = :w0 and from_at = (select max(b.from_at) from search_block b where b.word = :v0 and b.from_at <= :a0)) or (word = :w1 and from_at = (select max(b.from_at) from search_block b where b.word = :v1 and b.from_at <= :a1)) or (word = :w2 and from_at = (select max(b.from_at) from search_block b where b.word = :v2 and b.from_at <= :a2)) or (word = :w3 and from_at = (select max(b.from_at) from search_block b where b.word = :v3 and b.from_at <= :a3)) or (word = :w4 and from_at = (select max(b.from_at) from search_block b where b.word = :v4 and b.from_at <= :a4)) or (word = :w5 and from_at = (select max(b.from_at) from search_block b where b.word = :v5 and b.from_at <= :a5)) or (word = :w6 and from_at = (select max(b.from_at) from search_block b where b.word = :v6 and b.from_at <= :a6)) or (word = :w7 and from_at = (select max(b.from_at) from search_block b where b.word = :v7 and b.from_at <= :a7)) or (word = :w8 and from_at = (select max(b.from_at) from search_block b where b.word = :v8 and b.from_at <= :a8)) or (word = :w9 and from_at = (select max(b.from_at) from search_block b where b.word = :v9 and b.from_at <= :a9)) or (word = :w10 and from_at = (select max(b.from_at) from search_block b where b.word = :v10 and b.from_at <= :a10)) or (word = :w11 and from_at = (select max(b.from_at) from search_block b where b.word = :v11 and b.from_at <= :a11)) or (word = :w12 and from_at = (select max(b.from_at) from search_block b where b.word = :v12 and b.from_at <= :a12)) or (word = :w13 and from_at = (select max(b.from_at) from search_block b where b.word = :v13 and b.from_at <= :a13)) or (word = :w14 and from_at = (select max(b.from_at) from search_block b where b.word = :v14 and b.from_at <= :a14)) or (word = :w15 and from_at = (select max(b.from_at) from search_block b where b.word = :v15 and b.from_at <= :a15)) or (word = :w16 and from_at = (select max(b.from_at) from search_block b where b.word = :v16 and b.from_at <= :a16)) or (word = :w17 and from_at = (select max(b.from_at) from search_block b where b.word = :v17 and b.from_at <= :a17)) or (word = :w18 and from_at = (select max(b.from_at) from search_block b where b.word = :v18 and b.from_at <= :a18)) or (word = :w19 and from_at = (select max(b.from_at) from search_block b where b.word = :v19 and b.from_at <= :a19)) or (word = :w20 and from_at = (select max(b.from_at) from search_block b where b.word = :v20 and b.from_at <= :a20)) or (word = :w21 and from_at = (select max(b.from_at) from search_block b where b.word = :v21 and b.from_at <= :a21)) or (word = :w22 and from_at = (select max(b.from_at) from search_block b where b.word = :v22 and b.from_at <= :a22)) or (word = :w23 and from_at = (select max(b.from_at) from search_block b where b.word = :v23 and b.from_at <= :a23)) or (word = :w24 and from_at = (select max(b.from_at) from search_block b where b.word = :v24 and b.from_at <= :a24)) or (word = :w25 and from_at = (select max(b.from_at) from search_block b where b.word = :v25 and b.from_at <= :a25)) or (word = :w26 and from_at = (select max(b.from_at) from search_block b where b.word = :v26 and b.from_at <= :a26)) or (word = :w27 and from_at = (select max(b.from_at) from search_block b where b.word = :v27 and b.from_at <= :a27)) or (word = :w28 and from_at = (select max(b.from_at) from search_block b where b.word = :v28 and b.from_at <= :a28)) or (word = :w29 and from_at = (select max(b.from_at) from search_block b where b.word = :v29 and b.from_at <= :a29)) or (word = :w30 and from_at = (select max(b.from_at) from search_block b where b.word = :v30 and b.from_at <= :a30)) or (word = :w31 and from_at = (select max(b.from_at) from search_block b where b.word = :v31 and b.from_at <= :a31));
-- search blocks update
update search_block set occurrences = case word when :w0 then :o0 when :w1 then :o1 when :w2 then :o2 when :w3 then :o3 when :w4 then :o4 when :w5 then :o5 when :w6 then :o6 when :w7 then :o7 when :w8 then :o8 when :w9 then :o9 when :w10 then :o10 when :w11 then :o11 when :w12 then :o12 when :w13 then :o13 when :w14 then :o14 when :w15 then :o15 when :w16 then :o16 when :w17 then :o17 when :w18 then :o18 when :w19 then :o19 when :w20 then :o20 when :w21 then :o21 when :w22 then :o22 when :w23 then :o23 when :w24 then :o24 when :w25 then :o25 when :w26 then :o26 when :w27 then :o27 when :w28 then :o28 when :w29 then :o29 when :w30 then :o30 when :w31 then :o31 else occurrences end where (word = :v0 and from_at = :a0) or (word = :v1 and from_at = :a1) or (word = :v2 and from_at = :a2) or (word = :v3 and from_at = :a3) or (word = :v4 and from_at = :a4) or (word = :v5 and from_at = :a5) or (word = :v6 and from_at = :a6) or (word = :v7 and from_at = :a7) or (word = :v8 and from_at = :a8) or (word = :v9 and from_at = :a9) or (word = :v10 and from_at = :a10) or (word = :v11 and from_at = :a11) or (word = :v12 and from_at = :a12) or (word = :v13 and from_at = :a13) or (word = :v14 and from_at = :a14) or (word = :v15 and from_at = :a15) or (word = :v16 and from_at = :a16) or (word = :v17 and from_at = :a17) or (word = :v18 and from_at = :a18) or (word = :v19 and from_at = :a19) or (word = :v20 and from_at = :a20) or (word = :v21 and from_at = :a21) or (word = :v22 and from_at = :a22) or (word = :v23 and from_at = :a23) or (word = :v24 and from_at = :a24) or (word = :v25 and from_at = :a25) or (word = :v26 and from_at = :a26) or (word = :v27 and from_at = :a27) or (word = :v28 and from_at = :a28) or (word = :v29 and from_at = :a29) or (word = :v30 and from_at = :a30) or (word = :v31 and from_at = :a31);
-- search block erase
delete from search_block where word = :word and from_at = :from_at;
-- search entry
select room_id, seq, at, words from search_entry where room_id = :room and seq = :seq;
-- search entries of a room
select room_id, seq, at, words from search_entry where room_id = :room and seq < :seq order by seq offset 0 rows fetch next :n rows only;
-- search entry erase
delete from search_entry where room_id = :room and seq = :seq;
-- wall by id
select id, uuid, name_key, name, description, revision, created_at, created_by, updated_at, updated_by from wall where id = :id;
-- wall by uuid
select id, uuid, name_key, name, description, revision, created_at, created_by, updated_at, updated_by from wall where uuid = :uuid;
-- wall by name
select id, uuid, name_key, name, description, revision, created_at, created_by, updated_at, updated_by from wall where name_key = :name_key;
-- walls
select id, uuid, name_key, name, description, revision, created_at, created_by, updated_at, updated_by from wall order by id;
-- wall erase
delete from wall where id = :id;
-- wall sides erase
delete from wall_principal where wall_id = :wall;
-- wall side remove
delete from wall_principal where wall_id = :wall and side = :side and principal_id = :principal;
-- wall sides
select wall_id, side, principal_id from wall_principal where wall_id = :wall order by side, principal_id;
-- wall sides, all
select wall_id, side, principal_id from wall_principal order by wall_id, side, principal_id;
-- wall sides of a principal
select wall_id, side, principal_id from wall_principal where principal_id = :principal order by wall_id, side;

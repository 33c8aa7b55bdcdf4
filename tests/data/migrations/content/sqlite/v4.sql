PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE schema_migration (version integer not null primary key, name text not null, sha256 text not null, applied_at integer not null);
INSERT INTO schema_migration VALUES(1,'0001_init','8a70784ad3c60b58fc1f8f865b937a0d84e68c6baa242211621567f7860fe302',1767225600000000);
INSERT INTO schema_migration VALUES(2,'0002_search','4f08ea3ae6d23d25be87c7d3eb8d0b983d262ded05d070655d43f598ada61f2c',1767225600000000);
INSERT INTO schema_migration VALUES(3,'0003_walls','a0d656d46724ba1c6f4211d093420b5599f420b12075c3e50dac9c9c16d48287',1767225600000000);
INSERT INTO schema_migration VALUES(4,'0004_endpoints','bd9a58fee826fd06753c8d927d7201c5a095bf9bd6e3aca4f37670a89a5d67d9',1767225600000000);
CREATE TABLE deployment (
    name  TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT deployment_pk PRIMARY KEY (name),
    CONSTRAINT deployment_name_ck CHECK (length(name) <= 64)
) STRICT, WITHOUT ROWID;
INSERT INTO deployment VALUES('empty','');
INSERT INTO deployment VALUES('pool_fqdn','pc.contoso.example');
CREATE TABLE id_block (
    name    TEXT NOT NULL,
    next_id INTEGER NOT NULL,
    CONSTRAINT id_block_pk PRIMARY KEY (name),
    CONSTRAINT id_block_name_ck CHECK (length(name) <= 32),
    CONSTRAINT id_block_next_id_ck CHECK (next_id > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO id_block VALUES('id',9007199254740993);
CREATE TABLE server (
    id            INTEGER NOT NULL,
    uuid          TEXT NOT NULL,
    fqdn          TEXT NOT NULL,
    addresses     TEXT NOT NULL,
    version       TEXT NOT NULL,
    state         INTEGER NOT NULL,
    epoch         INTEGER NOT NULL,
    log_n         INTEGER NOT NULL,
    outbox_n      INTEGER NOT NULL,
    session_count INTEGER NOT NULL,
    load_permille INTEGER NOT NULL,
    started_at    INTEGER NOT NULL,
    heartbeat_at  INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    CONSTRAINT server_pk PRIMARY KEY (id),
    CONSTRAINT server_uuid_uq UNIQUE (uuid),
    CONSTRAINT server_fqdn_uq UNIQUE (fqdn),
    CONSTRAINT server_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT server_fqdn_ck CHECK (length(fqdn) <= 255),
    CONSTRAINT server_addresses_ck CHECK (length(addresses) <= 2000),
    CONSTRAINT server_version_ck CHECK (length(version) <= 64),
    CONSTRAINT server_state_ck CHECK (state BETWEEN 1 AND 5)
) STRICT;
INSERT INTO server VALUES(1,'018f4e2a-7c00-7000-8000-000000000001','pc1.contoso.example','["192.0.2.10"]','1.0.0',2,7,12,3,120,450,1767225600000000,1767225600000001,1767225615000000);
CREATE TABLE lease (
    name          TEXT NOT NULL,
    owner_id      INTEGER NULL,
    owner_name    TEXT NOT NULL,
    fencing_token INTEGER NOT NULL,
    acquired_at   INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    CONSTRAINT lease_pk PRIMARY KEY (name),
    CONSTRAINT lease_name_ck CHECK (length(name) <= 64),
    CONSTRAINT lease_owner_name_ck CHECK (length(owner_name) <= 256)
) STRICT, WITHOUT ROWID;
INSERT INTO lease VALUES('directory',1,'pc1.contoso.example',4,1767225600000000,1767225600000005);
INSERT INTO lease VALUES('topology',NULL,'pchatctl',1,1767225600000000,1767225600000000);
CREATE TABLE origin_log (
    origin_id INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    kind      INTEGER NOT NULL,
    body      TEXT NOT NULL,
    CONSTRAINT origin_log_pk PRIMARY KEY (origin_id, n),
    CONSTRAINT origin_log_kind_ck CHECK (kind > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO origin_log VALUES(1,1,1767225600000000,1,'{"room":40}');
CREATE TABLE topology_version (
    version      INTEGER NOT NULL,
    document     TEXT NOT NULL,
    sha256       TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    published_by TEXT NOT NULL,
    comment      TEXT NOT NULL,
    CONSTRAINT topology_version_pk PRIMARY KEY (version),
    CONSTRAINT topology_version_sha256_ck CHECK (length(sha256) = 64),
    CONSTRAINT topology_version_published_by_ck CHECK (length(published_by) <= 384),
    CONSTRAINT topology_version_comment_ck CHECK (length(comment) <= 256)
) STRICT;
INSERT INTO topology_version VALUES(1,replace('apiVersion: pchat/v1\nkind: Topology\nmetadata: {name: "Zoë 😀"}\n','\n',char(10)),'0000000000000000000000000000000000000000000000000000000000000001',1767225600000000,'zoe@contoso.example','first: it''s ours; really');
CREATE TABLE config_object (
    kind       INTEGER NOT NULL,
    scope      INTEGER NOT NULL,
    scope_key  TEXT NOT NULL,
    scope_name TEXT NOT NULL,
    body       TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by INTEGER NOT NULL,
    CONSTRAINT config_object_pk PRIMARY KEY (kind, scope, scope_key),
    CONSTRAINT config_object_kind_ck CHECK (kind BETWEEN 1 AND 2),
    CONSTRAINT config_object_scope_ck CHECK (scope BETWEEN 1 AND 3),
    CONSTRAINT config_object_scope_key_ck CHECK (length(scope_key) = 64),
    CONSTRAINT config_object_scope_name_ck CHECK (length(scope_name) <= 256)
) STRICT;
INSERT INTO config_object VALUES(1,1,'0000000000000000000000000000000000000000000000000000000000000002','','{"maxContentLength":65536}',1,1767225600000000,10);
CREATE TABLE policy (
    id          INTEGER NOT NULL,
    scope       INTEGER NOT NULL,
    name_key    TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    enabled     INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  INTEGER NOT NULL,
    CONSTRAINT policy_pk PRIMARY KEY (id),
    CONSTRAINT policy_name_uq UNIQUE (scope, name_key),
    CONSTRAINT policy_scope_ck CHECK (scope BETWEEN 1 AND 3),
    CONSTRAINT policy_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT policy_name_ck CHECK (length(name) <= 256),
    CONSTRAINT policy_description_ck CHECK (length(description) <= 256),
    CONSTRAINT policy_enabled_ck CHECK (enabled IN (0, 1))
) STRICT;
INSERT INTO policy VALUES(5,3,'0000000000000000000000000000000000000000000000000000000000000003','Büro','',1,2,1767225600000000,10);
CREATE TABLE principal (
    id           INTEGER NOT NULL,
    uuid         TEXT NOT NULL,
    kind         INTEGER NOT NULL,
    source       INTEGER NOT NULL,
    disabled     INTEGER NOT NULL,
    name_key     TEXT NOT NULL,
    name         TEXT NOT NULL,
    name_sort    TEXT NOT NULL,
    display_name TEXT NOT NULL,
    email        TEXT NOT NULL,
    company      TEXT NOT NULL,
    site         TEXT NOT NULL,
    dn           TEXT NULL,
    dn_key       TEXT NULL,
    external_id  TEXT NULL,
    verified_at  INTEGER NULL,
    revision     INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    CONSTRAINT principal_pk PRIMARY KEY (id),
    CONSTRAINT principal_uuid_uq UNIQUE (uuid),
    CONSTRAINT principal_name_uq UNIQUE (kind, name_key),
    CONSTRAINT principal_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT principal_kind_ck CHECK (kind BETWEEN 1 AND 5),
    CONSTRAINT principal_source_ck CHECK (source BETWEEN 1 AND 2),
    CONSTRAINT principal_disabled_ck CHECK (disabled BETWEEN 0 AND 2),
    CONSTRAINT principal_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT principal_name_ck CHECK (length(name) <= 384),
    CONSTRAINT principal_name_sort_ck CHECK (length(name_sort) <= 128),
    CONSTRAINT principal_display_name_ck CHECK (length(display_name) <= 256),
    CONSTRAINT principal_email_ck CHECK (length(email) <= 256),
    CONSTRAINT principal_company_ck CHECK (length(company) <= 256),
    CONSTRAINT principal_site_ck CHECK (length(site) <= 256),
    CONSTRAINT principal_dn_ck CHECK (length(dn) <= 384),
    CONSTRAINT principal_dn_key_ck CHECK (length(dn_key) = 64),
    CONSTRAINT principal_external_id_ck CHECK (length(external_id) <= 64)
) STRICT;
INSERT INTO principal VALUES(10,'018f4e2a-7c00-7000-8000-00000000000a',1,1,0,'000000000000000000000000000000000000000000000000000000000000000a','zoe@contoso.example','zoe@contoso.example','Zoë O''Neil 😀','zoe@contoso.example','Contoso','',NULL,NULL,NULL,NULL,1,1767225600000000,1767225600000000);
INSERT INTO principal VALUES(11,'018f4e2a-7c00-7000-8000-00000000000b',2,2,2,'000000000000000000000000000000000000000000000000000000000000000b','CN=Räume,DC=contoso,DC=example','cn=räume,dc=contoso,dc=example','Räume','','','west','CN=Räume,DC=contoso,DC=example','000000000000000000000000000000000000000000000000000000000000000c','5b1f3c0e',1767225600000000,3,1767225600000000,1767225600000009);
CREATE TABLE user_account (
    user_id       INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    must_change   INTEGER NOT NULL,
    failed_count  INTEGER NOT NULL,
    failed_at     INTEGER NULL,
    locked_until  INTEGER NULL,
    changed_at    INTEGER NOT NULL,
    CONSTRAINT user_account_pk PRIMARY KEY (user_id),
    CONSTRAINT user_account_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT user_account_password_hash_ck CHECK (length(password_hash) <= 256),
    CONSTRAINT user_account_must_change_ck CHECK (must_change IN (0, 1))
) STRICT;
INSERT INTO user_account VALUES(10,'$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA',1,2,1767225600000000,NULL,1767225600000000);
CREATE TABLE policy_grant (
    user_id    INTEGER NOT NULL,
    policy_id  INTEGER NOT NULL,
    granted_at INTEGER NOT NULL,
    granted_by INTEGER NOT NULL,
    CONSTRAINT policy_grant_pk PRIMARY KEY (user_id),
    CONSTRAINT policy_grant_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT policy_grant_policy_fk FOREIGN KEY (policy_id) REFERENCES policy (id)
) STRICT;
INSERT INTO policy_grant VALUES(10,5,1767225600000000,10);
CREATE TABLE principal_member (
    parent_id INTEGER NOT NULL,
    child_id  INTEGER NOT NULL,
    CONSTRAINT principal_member_pk PRIMARY KEY (parent_id, child_id),
    CONSTRAINT principal_member_parent_fk FOREIGN KEY (parent_id) REFERENCES principal (id),
    CONSTRAINT principal_member_child_fk FOREIGN KEY (child_id) REFERENCES principal (id)
) STRICT, WITHOUT ROWID;
INSERT INTO principal_member VALUES(11,10);
CREATE TABLE admin_role (
    principal_id INTEGER NOT NULL,
    role         INTEGER NOT NULL,
    granted_at   INTEGER NOT NULL,
    granted_by   INTEGER NOT NULL,
    CONSTRAINT admin_role_pk PRIMARY KEY (principal_id, role),
    CONSTRAINT admin_role_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT admin_role_role_ck CHECK (role BETWEEN 1 AND 6)
) STRICT, WITHOUT ROWID;
INSERT INTO admin_role VALUES(10,6,1767225600000000,10);
CREATE TABLE directory_sync (
    domain      TEXT NOT NULL,
    cookie      TEXT NULL,
    finished_at INTEGER NULL,
    next_at     INTEGER NOT NULL,
    try_count   INTEGER NOT NULL,
    last_error  TEXT NULL,
    CONSTRAINT directory_sync_pk PRIMARY KEY (domain),
    CONSTRAINT directory_sync_domain_ck CHECK (length(domain) <= 255),
    CONSTRAINT directory_sync_last_error_ck CHECK (length(last_error) <= 1000)
) STRICT, WITHOUT ROWID;
INSERT INTO directory_sync VALUES('contoso.example','Y29va2ll',1767225600000000,1767225660000000,1,'timed out: "ldap"; retried');
CREATE TABLE object_name (
    name_key  TEXT NOT NULL,
    kind      INTEGER NOT NULL,
    object_id INTEGER NOT NULL,
    CONSTRAINT object_name_pk PRIMARY KEY (name_key),
    CONSTRAINT object_name_object_uq UNIQUE (kind, object_id),
    CONSTRAINT object_name_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT object_name_kind_ck CHECK (kind BETWEEN 1 AND 2)
) STRICT, WITHOUT ROWID;
INSERT INTO object_name VALUES('0000000000000000000000000000000000000000000000000000000000000014',1,20);
INSERT INTO object_name VALUES('0000000000000000000000000000000000000000000000000000000000000028',2,40);
CREATE TABLE category (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    name        TEXT NOT NULL,
    name_sort   TEXT NOT NULL,
    description TEXT NOT NULL,
    invitations INTEGER NOT NULL,
    file_upload INTEGER NOT NULL,
    history     INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  INTEGER NOT NULL,
    CONSTRAINT category_pk PRIMARY KEY (id),
    CONSTRAINT category_uuid_uq UNIQUE (uuid),
    CONSTRAINT category_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT category_name_ck CHECK (length(name) <= 256),
    CONSTRAINT category_name_sort_ck CHECK (length(name_sort) <= 128),
    CONSTRAINT category_description_ck CHECK (length(description) <= 256),
    CONSTRAINT category_invitations_ck CHECK (invitations IN (0, 1)),
    CONSTRAINT category_file_upload_ck CHECK (file_upload IN (0, 1)),
    CONSTRAINT category_history_ck CHECK (history IN (0, 1))
) STRICT;
INSERT INTO category VALUES(20,'018f4e2a-7c00-7000-8000-000000000014','Überall 🌍','überall 🌍','rooms for all',1,1,1,1,1767225600000000,10,1767225600000000,10);
CREATE TABLE category_principal (
    category_id  INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    principal_id INTEGER NOT NULL,
    CONSTRAINT category_principal_pk PRIMARY KEY (category_id, kind, principal_id),
    CONSTRAINT category_principal_category_fk FOREIGN KEY (category_id) REFERENCES category (id),
    CONSTRAINT category_principal_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT category_principal_kind_ck CHECK (kind BETWEEN 1 AND 3)
) STRICT, WITHOUT ROWID;
INSERT INTO category_principal VALUES(20,1,11);
CREATE TABLE addin (
    id         INTEGER NOT NULL,
    uuid       TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    name       TEXT NOT NULL,
    url        TEXT NOT NULL,
    revision   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by INTEGER NOT NULL,
    CONSTRAINT addin_pk PRIMARY KEY (id),
    CONSTRAINT addin_uuid_uq UNIQUE (uuid),
    CONSTRAINT addin_name_uq UNIQUE (name_key),
    CONSTRAINT addin_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT addin_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT addin_name_ck CHECK (length(name) <= 50),
    CONSTRAINT addin_url_ck CHECK (length(url) <= 255)
) STRICT;
INSERT INTO addin VALUES(30,'018f4e2a-7c00-7000-8000-00000000001e','000000000000000000000000000000000000000000000000000000000000001e','Tickets','https://tickets.contoso.example/?q=a&b=%20',1,1767225600000000,10,1767225600000000,10);
CREATE TABLE room (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    category_id INTEGER NOT NULL,
    addin_id    INTEGER NULL,
    type        INTEGER NOT NULL,
    privacy     INTEGER NOT NULL,
    invitations INTEGER NOT NULL,
    disabled    INTEGER NOT NULL,
    name        TEXT NOT NULL,
    name_sort   TEXT NOT NULL,
    description TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  INTEGER NOT NULL,
    removed_at  INTEGER NULL,
    CONSTRAINT room_pk PRIMARY KEY (id),
    CONSTRAINT room_uuid_uq UNIQUE (uuid),
    CONSTRAINT room_category_fk FOREIGN KEY (category_id) REFERENCES category (id),
    CONSTRAINT room_addin_fk FOREIGN KEY (addin_id) REFERENCES addin (id),
    CONSTRAINT room_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT room_type_ck CHECK (type BETWEEN 1 AND 2),
    CONSTRAINT room_privacy_ck CHECK (privacy BETWEEN 1 AND 3),
    CONSTRAINT room_invitations_ck CHECK (invitations IN (0, 1)),
    CONSTRAINT room_disabled_ck CHECK (disabled IN (0, 1)),
    CONSTRAINT room_name_ck CHECK (length(name) <= 256),
    CONSTRAINT room_name_sort_ck CHECK (length(name_sort) <= 128),
    CONSTRAINT room_description_ck CHECK (length(description) <= 256)
) STRICT;
INSERT INTO room VALUES(40,'018f4e2a-7c00-7000-8000-000000000028',20,30,2,3,1,0,'Zoë O''Neil 😀','zoë o''neil 😀','',4,1767225600000000,10,1767225600000000,10,NULL);
INSERT INTO room VALUES(41,'018f4e2a-7c00-7000-8000-000000000029',20,NULL,1,1,0,1,'gone','gone','removed',2,1767225600000000,10,1767225600000000,10,1767225600000008);
CREATE TABLE room_head (
    room_id       INTEGER NOT NULL,
    last_seq      INTEGER NOT NULL,
    first_seq     INTEGER NOT NULL,
    rev           INTEGER NOT NULL,
    last_at       INTEGER NOT NULL,
    content_bytes INTEGER NOT NULL,
    CONSTRAINT room_head_pk PRIMARY KEY (room_id),
    CONSTRAINT room_head_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT room_head_seq_ck CHECK (first_seq >= 1 AND first_seq <= last_seq + 1)
) STRICT;
INSERT INTO room_head VALUES(40,2,1,1,1767225600000002,140);
INSERT INTO room_head VALUES(41,0,1,0,0,0);
CREATE TABLE room_role (
    room_id      INTEGER NOT NULL,
    role         INTEGER NOT NULL,
    principal_id INTEGER NOT NULL,
    CONSTRAINT room_role_pk PRIMARY KEY (room_id, role, principal_id),
    CONSTRAINT room_role_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT room_role_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT room_role_role_ck CHECK (role BETWEEN 1 AND 3)
) STRICT, WITHOUT ROWID;
INSERT INTO room_role VALUES(40,2,10);
CREATE TABLE invitation_head (
    user_id       INTEGER NOT NULL,
    last_sequence INTEGER NOT NULL,
    CONSTRAINT invitation_head_pk PRIMARY KEY (user_id),
    CONSTRAINT invitation_head_user_fk FOREIGN KEY (user_id) REFERENCES principal (id)
) STRICT;
INSERT INTO invitation_head VALUES(10,1);
CREATE TABLE invitation (
    user_id    INTEGER NOT NULL,
    sequence   INTEGER NOT NULL,
    room_id    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    invited_by INTEGER NOT NULL,
    CONSTRAINT invitation_pk PRIMARY KEY (user_id, sequence),
    CONSTRAINT invitation_room_uq UNIQUE (room_id, user_id),
    CONSTRAINT invitation_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT invitation_room_fk FOREIGN KEY (room_id) REFERENCES room (id)
) STRICT, WITHOUT ROWID;
INSERT INTO invitation VALUES(10,1,40,1767225600000000,11);
CREATE TABLE message (
    room_id    INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    sender_id  INTEGER NOT NULL,
    file_id    INTEGER NULL,
    rev        INTEGER NOT NULL,
    changed_at INTEGER NULL,
    changed_by INTEGER NULL,
    change     INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    format     INTEGER NOT NULL,
    transit    INTEGER NOT NULL,
    subject    TEXT NULL,
    body       TEXT NOT NULL,
    CONSTRAINT message_pk PRIMARY KEY (room_id, seq),
    CONSTRAINT message_change_ck CHECK (change BETWEEN 0 AND 2),
    CONSTRAINT message_kind_ck CHECK (kind BETWEEN 1 AND 3),
    CONSTRAINT message_format_ck CHECK (format BETWEEN 1 AND 2),
    CONSTRAINT message_transit_ck CHECK (transit IN (0, 1)),
    CONSTRAINT message_subject_ck CHECK (length(subject) <= 256),
    CONSTRAINT message_body_ck CHECK (length(body) <= 65536)
) STRICT, WITHOUT ROWID;
INSERT INTO message VALUES(40,1,1767225600000001,10,NULL,0,NULL,NULL,0,1,1,0,NULL,replace('one line\nanother: "quoted", ''single'', back\slash, :name, ? and ; at the end;\nÅ é 𝄞 😀','\n',char(10)));
INSERT INTO message VALUES(40,2,1767225600000002,10,50,1,1767225600000003,10,2,3,2,0,'',' leading and trailing blanks  ');
INSERT INTO message VALUES(41,1,1767225600000004,10,NULL,2,1767225600000005,11,1,2,1,1,'transit','');
CREATE TABLE message_key (
    sender_id    INTEGER NOT NULL,
    key_hash     TEXT NOT NULL,
    room_id      INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    CONSTRAINT message_key_pk PRIMARY KEY (sender_id, key_hash),
    CONSTRAINT message_key_key_hash_ck CHECK (length(key_hash) = 64),
    CONSTRAINT message_key_content_hash_ck CHECK (length(content_hash) = 64)
) STRICT, WITHOUT ROWID;
INSERT INTO message_key VALUES(10,'000000000000000000000000000000000000000000000000000000000000003c',40,1,1767225600000001,'000000000000000000000000000000000000000000000000000000000000003d');
CREATE TABLE mention (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    CONSTRAINT mention_pk PRIMARY KEY (user_id, room_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO mention VALUES(10,40,1);
CREATE TABLE read_mark (
    user_id INTEGER NOT NULL,
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    CONSTRAINT read_mark_pk PRIMARY KEY (user_id, room_id)
) STRICT, WITHOUT ROWID;
INSERT INTO read_mark VALUES(10,40,2,1767225600000000);
CREATE TABLE keyword_watch (
    user_id     INTEGER NOT NULL,
    keyword_key TEXT NOT NULL,
    keyword     TEXT NOT NULL,
    CONSTRAINT keyword_watch_pk PRIMARY KEY (user_id, keyword_key),
    CONSTRAINT keyword_watch_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT keyword_watch_keyword_key_ck CHECK (length(keyword_key) = 64),
    CONSTRAINT keyword_watch_keyword_ck CHECK (length(keyword) <= 64)
) STRICT, WITHOUT ROWID;
INSERT INTO keyword_watch VALUES(10,'000000000000000000000000000000000000000000000000000000000000003e','straße');
CREATE TABLE stored_file (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    room_id     INTEGER NOT NULL,
    uploader_id INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    size_bytes  INTEGER NOT NULL,
    sha256      TEXT NULL,
    name        TEXT NOT NULL,
    media_type  TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    removed_at  INTEGER NULL,
    CONSTRAINT stored_file_pk PRIMARY KEY (id),
    CONSTRAINT stored_file_uuid_uq UNIQUE (uuid),
    CONSTRAINT stored_file_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT stored_file_state_ck CHECK (state BETWEEN 1 AND 3),
    CONSTRAINT stored_file_sha256_ck CHECK (length(sha256) = 64),
    CONSTRAINT stored_file_name_ck CHECK (length(name) <= 256),
    CONSTRAINT stored_file_media_type_ck CHECK (length(media_type) <= 127)
) STRICT;
INSERT INTO stored_file VALUES(50,'018f4e2a-7c00-7000-8000-000000000032',40,10,2,9007199254740993,'000000000000000000000000000000000000000000000000000000000000003f','Bericht 📄.pdf','application/pdf',1767225600000000,NULL);
INSERT INTO stored_file VALUES(51,'018f4e2a-7c00-7000-8000-000000000033',40,10,1,0,NULL,'half','text/plain',1767225600000000,NULL);
CREATE TABLE token (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    user_id     INTEGER NOT NULL,
    parent_id   INTEGER NULL,
    kind        INTEGER NOT NULL,
    role_mask   INTEGER NULL,
    scope       TEXT NULL,
    label       TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NULL,
    used_at     INTEGER NULL,
    revoked_at  INTEGER NULL,
    CONSTRAINT token_pk PRIMARY KEY (id),
    CONSTRAINT token_uuid_uq UNIQUE (uuid),
    CONSTRAINT token_secret_uq UNIQUE (secret_hash),
    CONSTRAINT token_user_fk FOREIGN KEY (user_id) REFERENCES principal (id),
    CONSTRAINT token_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT token_secret_hash_ck CHECK (length(secret_hash) = 64),
    CONSTRAINT token_kind_ck CHECK (kind BETWEEN 1 AND 3),
    CONSTRAINT token_label_ck CHECK (length(label) <= 256)
) STRICT;
INSERT INTO token VALUES(70,'018f4e2a-7c00-7000-8000-000000000046','0000000000000000000000000000000000000000000000000000000000000046',10,NULL,2,5,'{"rooms":["lobby"]}','robot',1767225600000000,NULL,1767225600000000,NULL);
CREATE TABLE session (
    id           INTEGER NOT NULL,
    uuid         TEXT NOT NULL,
    server_id    INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    user_id      INTEGER NOT NULL,
    token_id     INTEGER NULL,
    protocol     INTEGER NOT NULL,
    address      TEXT NOT NULL,
    agent        TEXT NOT NULL,
    connected_at INTEGER NOT NULL,
    CONSTRAINT session_pk PRIMARY KEY (id),
    CONSTRAINT session_uuid_uq UNIQUE (uuid),
    CONSTRAINT session_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT session_protocol_ck CHECK (protocol BETWEEN 1 AND 2),
    CONSTRAINT session_address_ck CHECK (length(address) <= 64),
    CONSTRAINT session_agent_ck CHECK (length(agent) <= 256)
) STRICT;
INSERT INTO session VALUES(80,'018f4e2a-7c00-7000-8000-000000000050',1,7,10,70,1,'2001:db8::1','pchat-web/1.0',1767225600000000);
CREATE TABLE participant (
    room_id   INTEGER NOT NULL,
    user_id   INTEGER NOT NULL,
    server_id INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    CONSTRAINT participant_pk PRIMARY KEY (room_id, user_id, server_id, epoch)
) STRICT, WITHOUT ROWID;
INSERT INTO participant VALUES(40,10,1,7,1767225600000000);
CREATE TABLE audit (
    id          INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    server_id   INTEGER NULL,
    actor_id    INTEGER NULL,
    actor_name  TEXT NOT NULL,
    address     TEXT NOT NULL,
    request     TEXT NOT NULL,
    action      TEXT NOT NULL,
    outcome     INTEGER NOT NULL,
    object_kind INTEGER NOT NULL,
    object_id   INTEGER NULL,
    object_name TEXT NOT NULL,
    old_value   TEXT NULL,
    new_value   TEXT NULL,
    CONSTRAINT audit_pk PRIMARY KEY (id),
    CONSTRAINT audit_actor_name_ck CHECK (length(actor_name) <= 384),
    CONSTRAINT audit_address_ck CHECK (length(address) <= 64),
    CONSTRAINT audit_request_ck CHECK (length(request) <= 64),
    CONSTRAINT audit_action_ck CHECK (length(action) <= 64),
    CONSTRAINT audit_outcome_ck CHECK (outcome BETWEEN 1 AND 2),
    CONSTRAINT audit_object_kind_ck CHECK (object_kind > 0),
    CONSTRAINT audit_object_name_ck CHECK (length(object_name) <= 384)
) STRICT;
INSERT INTO audit VALUES(90,1767225600000000,1,10,'zoe@contoso.example','2001:db8::1','r-1','room.set',1,2,40,'Zoë O''Neil 😀','{"topic":"a;b"}',NULL);
INSERT INTO audit VALUES(91,1767225600000000,NULL,NULL,'','','','db.provision',2,1,NULL,'',NULL,NULL);
CREATE TABLE compliance_outbox (
    origin_id INTEGER NOT NULL,
    n         INTEGER NOT NULL,
    uuid      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    kind      INTEGER NOT NULL,
    body      TEXT NOT NULL,
    CONSTRAINT compliance_outbox_pk PRIMARY KEY (origin_id, n),
    CONSTRAINT compliance_outbox_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT compliance_outbox_kind_ck CHECK (kind > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO compliance_outbox VALUES(1,1,'018f4e2a-7c00-7000-8000-000000000064',1767225600000000,1,'{"text":"Zoë 😀: it''s; \"x\""}');
CREATE TABLE search_block (
    word        INTEGER NOT NULL,
    from_at     INTEGER NOT NULL,
    occurrences TEXT NOT NULL,
    CONSTRAINT search_block_pk PRIMARY KEY (word, from_at)
) STRICT, WITHOUT ROWID;
INSERT INTO search_block VALUES(7,1767225600000000,'');
INSERT INTO search_block VALUES(1099511627775,0,'gIDAgK-xxgNQAg');
CREATE TABLE search_entry (
    room_id INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    words   TEXT NOT NULL,
    CONSTRAINT search_entry_pk PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO search_entry VALUES(40,1,1767225600000001,'AAABAg');
CREATE TABLE search_progress (
    room_id   INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    rev       INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    CONSTRAINT search_progress_pk PRIMARY KEY (room_id)
) STRICT;
INSERT INTO search_progress VALUES(40,1,0,1);
CREATE TABLE wall (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    name_key    TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    created_by  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    updated_by  INTEGER NOT NULL,
    CONSTRAINT wall_pk PRIMARY KEY (id),
    CONSTRAINT wall_uuid_uq UNIQUE (uuid),
    CONSTRAINT wall_name_uq UNIQUE (name_key),
    CONSTRAINT wall_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT wall_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT wall_name_ck CHECK (length(name) <= 256),
    CONSTRAINT wall_description_ck CHECK (length(description) <= 256)
) STRICT;
INSERT INTO wall VALUES(60,'018f4e2a-7c00-7000-8000-00000000003c','000000000000000000000000000000000000000000000000000000000000003c','Börse | Büro 😀','who trades does not read drafts',2,1767225600000000,10,1767225600000009,10);
CREATE TABLE wall_principal (
    wall_id      INTEGER NOT NULL,
    side         INTEGER NOT NULL,
    principal_id INTEGER NOT NULL,
    CONSTRAINT wall_principal_pk PRIMARY KEY (wall_id, side, principal_id),
    CONSTRAINT wall_principal_wall_fk FOREIGN KEY (wall_id) REFERENCES wall (id),
    CONSTRAINT wall_principal_principal_fk FOREIGN KEY (principal_id) REFERENCES principal (id),
    CONSTRAINT wall_principal_side_ck CHECK (side BETWEEN 1 AND 2)
) STRICT, WITHOUT ROWID;
INSERT INTO wall_principal VALUES(60,1,10);
INSERT INTO wall_principal VALUES(60,2,11);
CREATE TABLE membership_purge (
    id          INTEGER NOT NULL,
    uuid        TEXT NOT NULL,
    at          INTEGER NOT NULL,
    actor_id    INTEGER NOT NULL,
    action      TEXT NOT NULL,
    object_name TEXT NOT NULL,
    CONSTRAINT membership_purge_pk PRIMARY KEY (id),
    CONSTRAINT membership_purge_uuid_uq UNIQUE (uuid),
    CONSTRAINT membership_purge_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT membership_purge_action_ck CHECK (length(action) <= 64),
    CONSTRAINT membership_purge_object_name_ck CHECK (length(object_name) <= 256)
) STRICT;
INSERT INTO membership_purge VALUES(61,'018f4e2a-7c00-7000-8000-00000000003d',1767225600000000,10,'category.change','Überall 🌍');
CREATE TABLE purged_role (
    purge_id     INTEGER NOT NULL,
    room_id      INTEGER NOT NULL,
    role         INTEGER NOT NULL,
    principal_id INTEGER NOT NULL,
    CONSTRAINT purged_role_pk PRIMARY KEY (purge_id, room_id, role, principal_id),
    CONSTRAINT purged_role_purge_fk FOREIGN KEY (purge_id) REFERENCES membership_purge (id),
    CONSTRAINT purged_role_room_fk FOREIGN KEY (room_id) REFERENCES room (id),
    CONSTRAINT purged_role_role_ck CHECK (role BETWEEN 1 AND 3)
) STRICT, WITHOUT ROWID;
INSERT INTO purged_role VALUES(61,40,1,11);
INSERT INTO purged_role VALUES(61,41,3,10);
CREATE TABLE endpoint (
    id           INTEGER NOT NULL,
    uuid         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    name         TEXT NOT NULL,
    pool         TEXT NOT NULL,
    display_name TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    created_by   INTEGER NOT NULL,
    CONSTRAINT endpoint_pk PRIMARY KEY (id),
    CONSTRAINT endpoint_uuid_uq UNIQUE (uuid),
    CONSTRAINT endpoint_name_uq UNIQUE (name_key),
    CONSTRAINT endpoint_uuid_ck CHECK (length(uuid) = 36),
    CONSTRAINT endpoint_name_key_ck CHECK (length(name_key) = 64),
    CONSTRAINT endpoint_name_ck CHECK (length(name) <= 384),
    CONSTRAINT endpoint_pool_ck CHECK (length(pool) <= 255),
    CONSTRAINT endpoint_display_name_ck CHECK (length(display_name) <= 256)
) STRICT;
INSERT INTO endpoint VALUES(62,'018f4e2a-7c00-7000-8000-00000000003e','000000000000000000000000000000000000000000000000000000000000003e','räume@contoso.example','pchat.contoso.example','Räume 😀',1767225600000000,10);
CREATE INDEX principal_name_ix ON principal (kind, name_sort, id);
CREATE UNIQUE INDEX principal_dn_ix ON principal (dn_key) WHERE dn_key IS NOT NULL;
CREATE UNIQUE INDEX principal_external_ix ON principal (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX policy_grant_policy_ix ON policy_grant (policy_id, user_id);
CREATE INDEX principal_member_child_ix ON principal_member (child_id, parent_id);
CREATE INDEX category_name_ix ON category (name_sort, id);
CREATE INDEX category_principal_principal_ix
        ON category_principal (principal_id, category_id, kind);
CREATE INDEX room_name_ix ON room (name_sort, id);
CREATE INDEX room_category_ix ON room (category_id, name_sort, id);
CREATE INDEX room_addin_ix ON room (addin_id) WHERE addin_id IS NOT NULL;
CREATE INDEX room_removed_ix ON room (removed_at) WHERE removed_at IS NOT NULL;
CREATE INDEX room_role_principal_ix ON room_role (principal_id, role, room_id);
CREATE INDEX message_change_ix ON message (room_id, rev) WHERE rev > 0;
CREATE INDEX message_transit_ix ON message (at, room_id, seq) WHERE transit = 1;
CREATE INDEX message_key_at_ix ON message_key (at);
CREATE INDEX mention_message_ix ON mention (room_id, seq);
CREATE INDEX stored_file_room_ix ON stored_file (room_id, id);
CREATE INDEX stored_file_arriving_ix ON stored_file (created_at) WHERE state = 1;
CREATE INDEX token_user_ix ON token (user_id, id);
CREATE INDEX token_expiry_ix ON token (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX session_server_ix ON session (server_id, epoch);
CREATE INDEX session_user_ix ON session (user_id, id);
CREATE INDEX participant_server_ix ON participant (server_id, epoch);
CREATE INDEX audit_at_ix ON audit (at, id);
CREATE INDEX audit_actor_ix ON audit (actor_id, at, id);
CREATE INDEX audit_object_ix ON audit (object_kind, object_id, at, id);
CREATE INDEX wall_principal_principal_ix ON wall_principal (principal_id, wall_id, side);
CREATE INDEX membership_purge_at_ix ON membership_purge (at, id);
CREATE INDEX purged_role_room_ix ON purged_role (room_id, purge_id, role, principal_id);
COMMIT;

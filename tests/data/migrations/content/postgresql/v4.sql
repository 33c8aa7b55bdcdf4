--
-- PostgreSQL database dump
--


-- Dumped from database version 15.20 (Debian 15.20-0+deb12u1)
-- Dumped by pg_dump version 15.20 (Debian 15.20-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: addin; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.addin (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    name_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    name character varying(50) NOT NULL,
    url character varying(255) NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint NOT NULL,
    updated_at bigint NOT NULL,
    updated_by bigint NOT NULL,
    CONSTRAINT addin_name_key_ck CHECK ((length((name_key)::text) = 64)),
    CONSTRAINT addin_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: admin_role; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.admin_role (
    principal_id bigint NOT NULL,
    role smallint NOT NULL,
    granted_at bigint NOT NULL,
    granted_by bigint NOT NULL,
    CONSTRAINT admin_role_role_ck CHECK (((role >= 1) AND (role <= 6)))
);


--
-- Name: audit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit (
    id bigint NOT NULL,
    at bigint NOT NULL,
    server_id bigint,
    actor_id bigint,
    actor_name character varying(384) NOT NULL,
    address character varying(64) NOT NULL COLLATE pg_catalog."C",
    request character varying(64) NOT NULL COLLATE pg_catalog."C",
    action character varying(64) NOT NULL COLLATE pg_catalog."C",
    outcome smallint NOT NULL,
    object_kind smallint NOT NULL,
    object_id bigint,
    object_name character varying(384) NOT NULL,
    old_value text,
    new_value text,
    CONSTRAINT audit_object_kind_ck CHECK ((object_kind > 0)),
    CONSTRAINT audit_outcome_ck CHECK (((outcome >= 1) AND (outcome <= 2)))
);


--
-- Name: category; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.category (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    name character varying(256) NOT NULL,
    name_sort character varying(128) NOT NULL COLLATE pg_catalog."C",
    description character varying(256) NOT NULL,
    invitations smallint NOT NULL,
    file_upload smallint NOT NULL,
    history smallint NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint NOT NULL,
    updated_at bigint NOT NULL,
    updated_by bigint NOT NULL,
    CONSTRAINT category_file_upload_ck CHECK ((file_upload = ANY (ARRAY[0, 1]))),
    CONSTRAINT category_history_ck CHECK ((history = ANY (ARRAY[0, 1]))),
    CONSTRAINT category_invitations_ck CHECK ((invitations = ANY (ARRAY[0, 1]))),
    CONSTRAINT category_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: category_principal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.category_principal (
    category_id bigint NOT NULL,
    kind smallint NOT NULL,
    principal_id bigint NOT NULL,
    CONSTRAINT category_principal_kind_ck CHECK (((kind >= 1) AND (kind <= 3)))
);


--
-- Name: compliance_outbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.compliance_outbox (
    origin_id bigint NOT NULL,
    n bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    kind smallint NOT NULL,
    body text NOT NULL,
    CONSTRAINT compliance_outbox_kind_ck CHECK ((kind > 0)),
    CONSTRAINT compliance_outbox_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: config_object; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.config_object (
    kind smallint NOT NULL,
    scope smallint NOT NULL,
    scope_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    scope_name character varying(256) NOT NULL,
    body text NOT NULL,
    revision bigint NOT NULL,
    updated_at bigint NOT NULL,
    updated_by bigint NOT NULL,
    CONSTRAINT config_object_kind_ck CHECK (((kind >= 1) AND (kind <= 2))),
    CONSTRAINT config_object_scope_ck CHECK (((scope >= 1) AND (scope <= 3))),
    CONSTRAINT config_object_scope_key_ck CHECK ((length((scope_key)::text) = 64))
);


--
-- Name: deployment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.deployment (
    name character varying(64) NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL
);


--
-- Name: directory_sync; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.directory_sync (
    domain character varying(255) NOT NULL COLLATE pg_catalog."C",
    cookie text,
    finished_at bigint,
    next_at bigint NOT NULL,
    try_count integer NOT NULL,
    last_error character varying(1000)
);


--
-- Name: endpoint; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.endpoint (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    name_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    name character varying(384) NOT NULL,
    pool character varying(255) NOT NULL,
    display_name character varying(256) NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint NOT NULL,
    CONSTRAINT endpoint_name_key_ck CHECK ((length((name_key)::text) = 64)),
    CONSTRAINT endpoint_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: id_block; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.id_block (
    name character varying(32) NOT NULL COLLATE pg_catalog."C",
    next_id bigint NOT NULL,
    CONSTRAINT id_block_next_id_ck CHECK ((next_id > 0))
);


--
-- Name: invitation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invitation (
    user_id bigint NOT NULL,
    sequence bigint NOT NULL,
    room_id bigint NOT NULL,
    at bigint NOT NULL,
    invited_by bigint NOT NULL
);


--
-- Name: invitation_head; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invitation_head (
    user_id bigint NOT NULL,
    last_sequence bigint NOT NULL
)
WITH (fillfactor='80');


--
-- Name: keyword_watch; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.keyword_watch (
    user_id bigint NOT NULL,
    keyword_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    keyword character varying(64) NOT NULL,
    CONSTRAINT keyword_watch_keyword_key_ck CHECK ((length((keyword_key)::text) = 64))
);


--
-- Name: lease; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.lease (
    name character varying(64) NOT NULL COLLATE pg_catalog."C",
    owner_id bigint,
    owner_name character varying(256) NOT NULL,
    fencing_token bigint NOT NULL,
    acquired_at bigint NOT NULL,
    expires_at bigint NOT NULL
)
WITH (fillfactor='50');


--
-- Name: membership_purge; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.membership_purge (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    actor_id bigint NOT NULL,
    action character varying(64) NOT NULL COLLATE pg_catalog."C",
    object_name character varying(256) NOT NULL,
    CONSTRAINT membership_purge_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: mention; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.mention (
    user_id bigint NOT NULL,
    room_id bigint NOT NULL,
    seq bigint NOT NULL
);


--
-- Name: message; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.message (
    room_id bigint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    sender_id bigint NOT NULL,
    file_id bigint,
    rev bigint NOT NULL,
    changed_at bigint,
    changed_by bigint,
    change smallint NOT NULL,
    kind smallint NOT NULL,
    format smallint NOT NULL,
    transit smallint NOT NULL,
    subject character varying(256),
    body text NOT NULL,
    CONSTRAINT message_body_ck CHECK ((length(body) <= 65536)),
    CONSTRAINT message_change_ck CHECK (((change >= 0) AND (change <= 2))),
    CONSTRAINT message_format_ck CHECK (((format >= 1) AND (format <= 2))),
    CONSTRAINT message_kind_ck CHECK (((kind >= 1) AND (kind <= 3))),
    CONSTRAINT message_transit_ck CHECK ((transit = ANY (ARRAY[0, 1])))
);


--
-- Name: message_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.message_key (
    sender_id bigint NOT NULL,
    key_hash character varying(64) NOT NULL COLLATE pg_catalog."C",
    room_id bigint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    content_hash character varying(64) NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT message_key_content_hash_ck CHECK ((length((content_hash)::text) = 64)),
    CONSTRAINT message_key_key_hash_ck CHECK ((length((key_hash)::text) = 64))
);


--
-- Name: object_name; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.object_name (
    name_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    kind smallint NOT NULL,
    object_id bigint NOT NULL,
    CONSTRAINT object_name_kind_ck CHECK (((kind >= 1) AND (kind <= 2))),
    CONSTRAINT object_name_name_key_ck CHECK ((length((name_key)::text) = 64))
);


--
-- Name: origin_log; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.origin_log (
    origin_id bigint NOT NULL,
    n bigint NOT NULL,
    at bigint NOT NULL,
    kind smallint NOT NULL,
    body text NOT NULL,
    CONSTRAINT origin_log_kind_ck CHECK ((kind > 0))
);


--
-- Name: participant; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.participant (
    room_id bigint NOT NULL,
    user_id bigint NOT NULL,
    server_id bigint NOT NULL,
    epoch bigint NOT NULL,
    joined_at bigint NOT NULL
);


--
-- Name: policy; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.policy (
    id bigint NOT NULL,
    scope smallint NOT NULL,
    name_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    name character varying(256) NOT NULL,
    description character varying(256) NOT NULL,
    enabled smallint NOT NULL,
    revision bigint NOT NULL,
    updated_at bigint NOT NULL,
    updated_by bigint NOT NULL,
    CONSTRAINT policy_enabled_ck CHECK ((enabled = ANY (ARRAY[0, 1]))),
    CONSTRAINT policy_name_key_ck CHECK ((length((name_key)::text) = 64)),
    CONSTRAINT policy_scope_ck CHECK (((scope >= 1) AND (scope <= 3)))
);


--
-- Name: policy_grant; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.policy_grant (
    user_id bigint NOT NULL,
    policy_id bigint NOT NULL,
    granted_at bigint NOT NULL,
    granted_by bigint NOT NULL
);


--
-- Name: principal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.principal (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    kind smallint NOT NULL,
    source smallint NOT NULL,
    disabled smallint NOT NULL,
    name_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    name character varying(384) NOT NULL,
    name_sort character varying(128) NOT NULL COLLATE pg_catalog."C",
    display_name character varying(256) NOT NULL,
    email character varying(256) NOT NULL,
    company character varying(256) NOT NULL,
    site character varying(256) NOT NULL,
    dn character varying(384),
    dn_key character varying(64) COLLATE pg_catalog."C",
    external_id character varying(64) COLLATE pg_catalog."C",
    verified_at bigint,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CONSTRAINT principal_disabled_ck CHECK (((disabled >= 0) AND (disabled <= 2))),
    CONSTRAINT principal_dn_key_ck CHECK ((length((dn_key)::text) = 64)),
    CONSTRAINT principal_kind_ck CHECK (((kind >= 1) AND (kind <= 5))),
    CONSTRAINT principal_name_key_ck CHECK ((length((name_key)::text) = 64)),
    CONSTRAINT principal_source_ck CHECK (((source >= 1) AND (source <= 2))),
    CONSTRAINT principal_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: principal_member; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.principal_member (
    parent_id bigint NOT NULL,
    child_id bigint NOT NULL
);


--
-- Name: purged_role; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.purged_role (
    purge_id bigint NOT NULL,
    room_id bigint NOT NULL,
    role smallint NOT NULL,
    principal_id bigint NOT NULL,
    CONSTRAINT purged_role_role_ck CHECK (((role >= 1) AND (role <= 3)))
);


--
-- Name: read_mark; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.read_mark (
    user_id bigint NOT NULL,
    room_id bigint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL
)
WITH (fillfactor='80');


--
-- Name: room; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.room (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    category_id bigint NOT NULL,
    addin_id bigint,
    type smallint NOT NULL,
    privacy smallint NOT NULL,
    invitations smallint NOT NULL,
    disabled smallint NOT NULL,
    name character varying(256) NOT NULL,
    name_sort character varying(128) NOT NULL COLLATE pg_catalog."C",
    description character varying(256) NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint NOT NULL,
    updated_at bigint NOT NULL,
    updated_by bigint NOT NULL,
    removed_at bigint,
    CONSTRAINT room_disabled_ck CHECK ((disabled = ANY (ARRAY[0, 1]))),
    CONSTRAINT room_invitations_ck CHECK ((invitations = ANY (ARRAY[0, 1]))),
    CONSTRAINT room_privacy_ck CHECK (((privacy >= 1) AND (privacy <= 3))),
    CONSTRAINT room_type_ck CHECK (((type >= 1) AND (type <= 2))),
    CONSTRAINT room_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: room_head; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.room_head (
    room_id bigint NOT NULL,
    last_seq bigint NOT NULL,
    first_seq bigint NOT NULL,
    rev bigint NOT NULL,
    last_at bigint NOT NULL,
    content_bytes bigint NOT NULL,
    CONSTRAINT room_head_seq_ck CHECK (((first_seq >= 1) AND (first_seq <= (last_seq + 1))))
)
WITH (fillfactor='50');


--
-- Name: room_role; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.room_role (
    room_id bigint NOT NULL,
    role smallint NOT NULL,
    principal_id bigint NOT NULL,
    CONSTRAINT room_role_role_ck CHECK (((role >= 1) AND (role <= 3)))
);


--
-- Name: schema_migration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.schema_migration (
    version integer NOT NULL,
    name character varying(200) NOT NULL,
    sha256 character varying(64) NOT NULL,
    applied_at bigint NOT NULL
);


--
-- Name: search_block; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.search_block (
    word bigint NOT NULL,
    from_at bigint NOT NULL,
    occurrences text NOT NULL
)
WITH (fillfactor='80');


--
-- Name: search_entry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.search_entry (
    room_id bigint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    words text NOT NULL
);


--
-- Name: search_progress; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.search_progress (
    room_id bigint NOT NULL,
    seq bigint NOT NULL,
    rev bigint NOT NULL,
    first_seq bigint NOT NULL
)
WITH (fillfactor='50');


--
-- Name: server; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.server (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    fqdn character varying(255) NOT NULL COLLATE pg_catalog."C",
    addresses character varying(2000) NOT NULL,
    version character varying(64) NOT NULL COLLATE pg_catalog."C",
    state smallint NOT NULL,
    epoch bigint NOT NULL,
    log_n bigint NOT NULL,
    outbox_n bigint NOT NULL,
    session_count integer NOT NULL,
    load_permille integer NOT NULL,
    started_at bigint NOT NULL,
    heartbeat_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    CONSTRAINT server_state_ck CHECK (((state >= 1) AND (state <= 5))),
    CONSTRAINT server_uuid_ck CHECK ((length((uuid)::text) = 36))
)
WITH (fillfactor='50');


--
-- Name: session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    server_id bigint NOT NULL,
    epoch bigint NOT NULL,
    user_id bigint NOT NULL,
    token_id bigint,
    protocol smallint NOT NULL,
    address character varying(64) NOT NULL COLLATE pg_catalog."C",
    agent character varying(256) NOT NULL,
    connected_at bigint NOT NULL,
    CONSTRAINT session_protocol_ck CHECK (((protocol >= 1) AND (protocol <= 2))),
    CONSTRAINT session_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: stored_file; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stored_file (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    room_id bigint NOT NULL,
    uploader_id bigint NOT NULL,
    state smallint NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 character varying(64) COLLATE pg_catalog."C",
    name character varying(256) NOT NULL,
    media_type character varying(127) NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    removed_at bigint,
    CONSTRAINT stored_file_sha256_ck CHECK ((length((sha256)::text) = 64)),
    CONSTRAINT stored_file_state_ck CHECK (((state >= 1) AND (state <= 3))),
    CONSTRAINT stored_file_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: token; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.token (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    secret_hash character varying(64) NOT NULL COLLATE pg_catalog."C",
    user_id bigint NOT NULL,
    parent_id bigint,
    kind smallint NOT NULL,
    role_mask integer,
    scope text,
    label character varying(256) NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    used_at bigint,
    revoked_at bigint,
    CONSTRAINT token_kind_ck CHECK (((kind >= 1) AND (kind <= 3))),
    CONSTRAINT token_secret_hash_ck CHECK ((length((secret_hash)::text) = 64)),
    CONSTRAINT token_uuid_ck CHECK ((length((uuid)::text) = 36))
)
WITH (fillfactor='80');


--
-- Name: topology_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.topology_version (
    version bigint NOT NULL,
    document text NOT NULL,
    sha256 character varying(64) NOT NULL COLLATE pg_catalog."C",
    published_at bigint NOT NULL,
    published_by character varying(384) NOT NULL,
    comment character varying(256) NOT NULL,
    CONSTRAINT topology_version_sha256_ck CHECK ((length((sha256)::text) = 64))
);


--
-- Name: user_account; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.user_account (
    user_id bigint NOT NULL,
    password_hash character varying(256) NOT NULL COLLATE pg_catalog."C",
    must_change smallint NOT NULL,
    failed_count integer NOT NULL,
    failed_at bigint,
    locked_until bigint,
    changed_at bigint NOT NULL,
    CONSTRAINT user_account_must_change_ck CHECK ((must_change = ANY (ARRAY[0, 1])))
)
WITH (fillfactor='80');


--
-- Name: wall; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.wall (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    name_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    name character varying(256) NOT NULL,
    description character varying(256) NOT NULL,
    revision bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by bigint NOT NULL,
    updated_at bigint NOT NULL,
    updated_by bigint NOT NULL,
    CONSTRAINT wall_name_key_ck CHECK ((length((name_key)::text) = 64)),
    CONSTRAINT wall_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: wall_principal; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.wall_principal (
    wall_id bigint NOT NULL,
    side smallint NOT NULL,
    principal_id bigint NOT NULL,
    CONSTRAINT wall_principal_side_ck CHECK (((side >= 1) AND (side <= 2)))
);


--
-- Data for Name: addin; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.addin VALUES (30, '018f4e2a-7c00-7000-8000-00000000001e', '000000000000000000000000000000000000000000000000000000000000001e', 'Tickets', 'https://tickets.contoso.example/?q=a&b=%20', 1, 1767225600000000, 10, 1767225600000000, 10);


--
-- Data for Name: admin_role; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.admin_role VALUES (10, 6, 1767225600000000, 10);


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.audit VALUES (90, 1767225600000000, 1, 10, 'zoe@contoso.example', '2001:db8::1', 'r-1', 'room.set', 1, 2, 40, 'Zoë O''Neil 😀', '{"topic":"a;b"}', NULL);
INSERT INTO public.audit VALUES (91, 1767225600000000, NULL, NULL, '', '', '', 'db.provision', 2, 1, NULL, '', NULL, NULL);


--
-- Data for Name: category; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.category VALUES (20, '018f4e2a-7c00-7000-8000-000000000014', 'Überall 🌍', 'überall 🌍', 'rooms for all', 1, 1, 1, 1, 1767225600000000, 10, 1767225600000000, 10);


--
-- Data for Name: category_principal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.category_principal VALUES (20, 1, 11);


--
-- Data for Name: compliance_outbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.compliance_outbox VALUES (1, 1, '018f4e2a-7c00-7000-8000-000000000064', 1767225600000000, 1, '{"text":"Zoë 😀: it''s; \"x\""}');


--
-- Data for Name: config_object; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.config_object VALUES (1, 1, '0000000000000000000000000000000000000000000000000000000000000002', '', '{"maxContentLength":65536}', 1, 1767225600000000, 10);


--
-- Data for Name: deployment; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.deployment VALUES ('pool_fqdn', 'pc.contoso.example');
INSERT INTO public.deployment VALUES ('empty', '');


--
-- Data for Name: directory_sync; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.directory_sync VALUES ('contoso.example', 'Y29va2ll', 1767225600000000, 1767225660000000, 1, 'timed out: "ldap"; retried');


--
-- Data for Name: endpoint; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.endpoint VALUES (62, '018f4e2a-7c00-7000-8000-00000000003e', '000000000000000000000000000000000000000000000000000000000000003e', 'räume@contoso.example', 'pchat.contoso.example', 'Räume 😀', 1767225600000000, 10);


--
-- Data for Name: id_block; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.id_block VALUES ('id', 9007199254740993);


--
-- Data for Name: invitation; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invitation VALUES (10, 1, 40, 1767225600000000, 11);


--
-- Data for Name: invitation_head; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invitation_head VALUES (10, 1);


--
-- Data for Name: keyword_watch; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.keyword_watch VALUES (10, '000000000000000000000000000000000000000000000000000000000000003e', 'straße');


--
-- Data for Name: lease; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.lease VALUES ('directory', 1, 'pc1.contoso.example', 4, 1767225600000000, 1767225600000005);
INSERT INTO public.lease VALUES ('topology', NULL, 'pchatctl', 1, 1767225600000000, 1767225600000000);


--
-- Data for Name: membership_purge; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.membership_purge VALUES (61, '018f4e2a-7c00-7000-8000-00000000003d', 1767225600000000, 10, 'category.change', 'Überall 🌍');


--
-- Data for Name: mention; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.mention VALUES (10, 40, 1);


--
-- Data for Name: message; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.message VALUES (40, 1, 1767225600000001, 10, NULL, 0, NULL, NULL, 0, 1, 1, 0, NULL, 'one line
another: "quoted", ''single'', back\slash, :name, ? and ; at the end;
Å é 𝄞 😀');
INSERT INTO public.message VALUES (40, 2, 1767225600000002, 10, 50, 1, 1767225600000003, 10, 2, 3, 2, 0, '', ' leading and trailing blanks  ');
INSERT INTO public.message VALUES (41, 1, 1767225600000004, 10, NULL, 2, 1767225600000005, 11, 1, 2, 1, 1, 'transit', '');


--
-- Data for Name: message_key; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.message_key VALUES (10, '000000000000000000000000000000000000000000000000000000000000003c', 40, 1, 1767225600000001, '000000000000000000000000000000000000000000000000000000000000003d');


--
-- Data for Name: object_name; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.object_name VALUES ('0000000000000000000000000000000000000000000000000000000000000014', 1, 20);
INSERT INTO public.object_name VALUES ('0000000000000000000000000000000000000000000000000000000000000028', 2, 40);


--
-- Data for Name: origin_log; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.origin_log VALUES (1, 1, 1767225600000000, 1, '{"room":40}');


--
-- Data for Name: participant; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.participant VALUES (40, 10, 1, 7, 1767225600000000);


--
-- Data for Name: policy; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.policy VALUES (5, 3, '0000000000000000000000000000000000000000000000000000000000000003', 'Büro', '', 1, 2, 1767225600000000, 10);


--
-- Data for Name: policy_grant; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.policy_grant VALUES (10, 5, 1767225600000000, 10);


--
-- Data for Name: principal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.principal VALUES (10, '018f4e2a-7c00-7000-8000-00000000000a', 1, 1, 0, '000000000000000000000000000000000000000000000000000000000000000a', 'zoe@contoso.example', 'zoe@contoso.example', 'Zoë O''Neil 😀', 'zoe@contoso.example', 'Contoso', '', NULL, NULL, NULL, NULL, 1, 1767225600000000, 1767225600000000);
INSERT INTO public.principal VALUES (11, '018f4e2a-7c00-7000-8000-00000000000b', 2, 2, 2, '000000000000000000000000000000000000000000000000000000000000000b', 'CN=Räume,DC=contoso,DC=example', 'cn=räume,dc=contoso,dc=example', 'Räume', '', '', 'west', 'CN=Räume,DC=contoso,DC=example', '000000000000000000000000000000000000000000000000000000000000000c', '5b1f3c0e', 1767225600000000, 3, 1767225600000000, 1767225600000009);


--
-- Data for Name: principal_member; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.principal_member VALUES (11, 10);


--
-- Data for Name: purged_role; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.purged_role VALUES (61, 40, 1, 11);
INSERT INTO public.purged_role VALUES (61, 41, 3, 10);


--
-- Data for Name: read_mark; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.read_mark VALUES (10, 40, 2, 1767225600000000);


--
-- Data for Name: room; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.room VALUES (40, '018f4e2a-7c00-7000-8000-000000000028', 20, 30, 2, 3, 1, 0, 'Zoë O''Neil 😀', 'zoë o''neil 😀', '', 4, 1767225600000000, 10, 1767225600000000, 10, NULL);
INSERT INTO public.room VALUES (41, '018f4e2a-7c00-7000-8000-000000000029', 20, NULL, 1, 1, 0, 1, 'gone', 'gone', 'removed', 2, 1767225600000000, 10, 1767225600000000, 10, 1767225600000008);


--
-- Data for Name: room_head; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.room_head VALUES (40, 2, 1, 1, 1767225600000002, 140);
INSERT INTO public.room_head VALUES (41, 0, 1, 0, 0, 0);


--
-- Data for Name: room_role; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.room_role VALUES (40, 2, 10);


--
-- Data for Name: schema_migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_migration VALUES (1, '0001_init', 'a7b0b964e7915f5f142e0e64342aec5fde32ba9caee6da1f67244db749b8bf43', 1767225600000000);
INSERT INTO public.schema_migration VALUES (2, '0002_search', '3fcf0413fc7437c06cd3a270083dd24868b1569554c3648f951ef5adb114b4b8', 1767225600000000);
INSERT INTO public.schema_migration VALUES (3, '0003_walls', '3912ae12b80a1819ab30a14cc561f800ce86f23f2d67e71962eb9d2d122cf434', 1767225600000000);
INSERT INTO public.schema_migration VALUES (4, '0004_endpoints', '99c0766e1dc1383b5d0a27534c7dc7d502c5d8406533023b0a8cfbb9dbdfb350', 1767225600000000);


--
-- Data for Name: search_block; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.search_block VALUES (1099511627775, 0, 'gIDAgK-xxgNQAg');
INSERT INTO public.search_block VALUES (7, 1767225600000000, '');


--
-- Data for Name: search_entry; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.search_entry VALUES (40, 1, 1767225600000001, 'AAABAg');


--
-- Data for Name: search_progress; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.search_progress VALUES (40, 1, 0, 1);


--
-- Data for Name: server; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.server VALUES (1, '018f4e2a-7c00-7000-8000-000000000001', 'pc1.contoso.example', '["192.0.2.10"]', '1.0.0', 2, 7, 12, 3, 120, 450, 1767225600000000, 1767225600000001, 1767225615000000);


--
-- Data for Name: session; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.session VALUES (80, '018f4e2a-7c00-7000-8000-000000000050', 1, 7, 10, 70, 1, '2001:db8::1', 'pchat-web/1.0', 1767225600000000);


--
-- Data for Name: stored_file; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.stored_file VALUES (50, '018f4e2a-7c00-7000-8000-000000000032', 40, 10, 2, 9007199254740993, '000000000000000000000000000000000000000000000000000000000000003f', 'Bericht 📄.pdf', 'application/pdf', 1767225600000000, NULL);
INSERT INTO public.stored_file VALUES (51, '018f4e2a-7c00-7000-8000-000000000033', 40, 10, 1, 0, NULL, 'half', 'text/plain', 1767225600000000, NULL);


--
-- Data for Name: token; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.token VALUES (70, '018f4e2a-7c00-7000-8000-000000000046', '0000000000000000000000000000000000000000000000000000000000000046', 10, NULL, 2, 5, '{"rooms":["lobby"]}', 'robot', 1767225600000000, NULL, 1767225600000000, NULL);


--
-- Data for Name: topology_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.topology_version VALUES (1, 'apiVersion: pchat/v1
kind: Topology
metadata: {name: "Zoë 😀"}
', '0000000000000000000000000000000000000000000000000000000000000001', 1767225600000000, 'zoe@contoso.example', 'first: it''s ours; really');


--
-- Data for Name: user_account; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.user_account VALUES (10, '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA', 1, 2, 1767225600000000, NULL, 1767225600000000);


--
-- Data for Name: wall; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.wall VALUES (60, '018f4e2a-7c00-7000-8000-00000000003c', '000000000000000000000000000000000000000000000000000000000000003c', 'Börse | Büro 😀', 'who trades does not read drafts', 2, 1767225600000000, 10, 1767225600000009, 10);


--
-- Data for Name: wall_principal; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.wall_principal VALUES (60, 1, 10);
INSERT INTO public.wall_principal VALUES (60, 2, 11);


--
-- Name: addin addin_name_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.addin
    ADD CONSTRAINT addin_name_uq UNIQUE (name_key);


--
-- Name: addin addin_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.addin
    ADD CONSTRAINT addin_pk PRIMARY KEY (id);


--
-- Name: addin addin_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.addin
    ADD CONSTRAINT addin_uuid_uq UNIQUE (uuid);


--
-- Name: admin_role admin_role_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.admin_role
    ADD CONSTRAINT admin_role_pk PRIMARY KEY (principal_id, role);


--
-- Name: audit audit_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pk PRIMARY KEY (id);


--
-- Name: category category_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.category
    ADD CONSTRAINT category_pk PRIMARY KEY (id);


--
-- Name: category_principal category_principal_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.category_principal
    ADD CONSTRAINT category_principal_pk PRIMARY KEY (category_id, kind, principal_id);


--
-- Name: category category_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.category
    ADD CONSTRAINT category_uuid_uq UNIQUE (uuid);


--
-- Name: compliance_outbox compliance_outbox_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.compliance_outbox
    ADD CONSTRAINT compliance_outbox_pk PRIMARY KEY (origin_id, n);


--
-- Name: config_object config_object_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.config_object
    ADD CONSTRAINT config_object_pk PRIMARY KEY (kind, scope, scope_key);


--
-- Name: deployment deployment_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_pk PRIMARY KEY (name);


--
-- Name: directory_sync directory_sync_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.directory_sync
    ADD CONSTRAINT directory_sync_pk PRIMARY KEY (domain);


--
-- Name: endpoint endpoint_name_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.endpoint
    ADD CONSTRAINT endpoint_name_uq UNIQUE (name_key);


--
-- Name: endpoint endpoint_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.endpoint
    ADD CONSTRAINT endpoint_pk PRIMARY KEY (id);


--
-- Name: endpoint endpoint_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.endpoint
    ADD CONSTRAINT endpoint_uuid_uq UNIQUE (uuid);


--
-- Name: id_block id_block_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.id_block
    ADD CONSTRAINT id_block_pk PRIMARY KEY (name);


--
-- Name: invitation_head invitation_head_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation_head
    ADD CONSTRAINT invitation_head_pk PRIMARY KEY (user_id);


--
-- Name: invitation invitation_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pk PRIMARY KEY (user_id, sequence);


--
-- Name: invitation invitation_room_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_room_uq UNIQUE (room_id, user_id);


--
-- Name: keyword_watch keyword_watch_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.keyword_watch
    ADD CONSTRAINT keyword_watch_pk PRIMARY KEY (user_id, keyword_key);


--
-- Name: lease lease_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_pk PRIMARY KEY (name);


--
-- Name: membership_purge membership_purge_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.membership_purge
    ADD CONSTRAINT membership_purge_pk PRIMARY KEY (id);


--
-- Name: membership_purge membership_purge_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.membership_purge
    ADD CONSTRAINT membership_purge_uuid_uq UNIQUE (uuid);


--
-- Name: mention mention_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.mention
    ADD CONSTRAINT mention_pk PRIMARY KEY (user_id, room_id, seq);


--
-- Name: message_key message_key_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message_key
    ADD CONSTRAINT message_key_pk PRIMARY KEY (sender_id, key_hash);


--
-- Name: message message_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pk PRIMARY KEY (room_id, seq);


--
-- Name: object_name object_name_object_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.object_name
    ADD CONSTRAINT object_name_object_uq UNIQUE (kind, object_id);


--
-- Name: object_name object_name_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.object_name
    ADD CONSTRAINT object_name_pk PRIMARY KEY (name_key);


--
-- Name: origin_log origin_log_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.origin_log
    ADD CONSTRAINT origin_log_pk PRIMARY KEY (origin_id, n);


--
-- Name: participant participant_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.participant
    ADD CONSTRAINT participant_pk PRIMARY KEY (room_id, user_id, server_id, epoch);


--
-- Name: policy_grant policy_grant_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_grant
    ADD CONSTRAINT policy_grant_pk PRIMARY KEY (user_id);


--
-- Name: policy policy_name_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_name_uq UNIQUE (scope, name_key);


--
-- Name: policy policy_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy
    ADD CONSTRAINT policy_pk PRIMARY KEY (id);


--
-- Name: principal_member principal_member_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal_member
    ADD CONSTRAINT principal_member_pk PRIMARY KEY (parent_id, child_id);


--
-- Name: principal principal_name_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal
    ADD CONSTRAINT principal_name_uq UNIQUE (kind, name_key);


--
-- Name: principal principal_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal
    ADD CONSTRAINT principal_pk PRIMARY KEY (id);


--
-- Name: principal principal_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal
    ADD CONSTRAINT principal_uuid_uq UNIQUE (uuid);


--
-- Name: purged_role purged_role_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.purged_role
    ADD CONSTRAINT purged_role_pk PRIMARY KEY (purge_id, room_id, role, principal_id);


--
-- Name: read_mark read_mark_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.read_mark
    ADD CONSTRAINT read_mark_pk PRIMARY KEY (user_id, room_id);


--
-- Name: room_head room_head_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room_head
    ADD CONSTRAINT room_head_pk PRIMARY KEY (room_id);


--
-- Name: room room_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room
    ADD CONSTRAINT room_pk PRIMARY KEY (id);


--
-- Name: room_role room_role_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room_role
    ADD CONSTRAINT room_role_pk PRIMARY KEY (room_id, role, principal_id);


--
-- Name: room room_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room
    ADD CONSTRAINT room_uuid_uq UNIQUE (uuid);


--
-- Name: schema_migration schema_migration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (version);


--
-- Name: search_block search_block_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.search_block
    ADD CONSTRAINT search_block_pk PRIMARY KEY (word, from_at);


--
-- Name: search_entry search_entry_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.search_entry
    ADD CONSTRAINT search_entry_pk PRIMARY KEY (room_id, seq);


--
-- Name: search_progress search_progress_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.search_progress
    ADD CONSTRAINT search_progress_pk PRIMARY KEY (room_id);


--
-- Name: server server_fqdn_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.server
    ADD CONSTRAINT server_fqdn_uq UNIQUE (fqdn);


--
-- Name: server server_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.server
    ADD CONSTRAINT server_pk PRIMARY KEY (id);


--
-- Name: server server_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.server
    ADD CONSTRAINT server_uuid_uq UNIQUE (uuid);


--
-- Name: session session_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pk PRIMARY KEY (id);


--
-- Name: session session_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_uuid_uq UNIQUE (uuid);


--
-- Name: stored_file stored_file_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stored_file
    ADD CONSTRAINT stored_file_pk PRIMARY KEY (id);


--
-- Name: stored_file stored_file_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stored_file
    ADD CONSTRAINT stored_file_uuid_uq UNIQUE (uuid);


--
-- Name: token token_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_pk PRIMARY KEY (id);


--
-- Name: token token_secret_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_secret_uq UNIQUE (secret_hash);


--
-- Name: token token_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_uuid_uq UNIQUE (uuid);


--
-- Name: topology_version topology_version_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.topology_version
    ADD CONSTRAINT topology_version_pk PRIMARY KEY (version);


--
-- Name: user_account user_account_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_account
    ADD CONSTRAINT user_account_pk PRIMARY KEY (user_id);


--
-- Name: wall wall_name_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wall
    ADD CONSTRAINT wall_name_uq UNIQUE (name_key);


--
-- Name: wall wall_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wall
    ADD CONSTRAINT wall_pk PRIMARY KEY (id);


--
-- Name: wall_principal wall_principal_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wall_principal
    ADD CONSTRAINT wall_principal_pk PRIMARY KEY (wall_id, side, principal_id);


--
-- Name: wall wall_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wall
    ADD CONSTRAINT wall_uuid_uq UNIQUE (uuid);


--
-- Name: audit_actor_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_actor_ix ON public.audit USING btree (actor_id, at, id);


--
-- Name: audit_at_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_at_ix ON public.audit USING btree (at, id);


--
-- Name: audit_object_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_object_ix ON public.audit USING btree (object_kind, object_id, at, id);


--
-- Name: category_name_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX category_name_ix ON public.category USING btree (name_sort, id);


--
-- Name: category_principal_principal_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX category_principal_principal_ix ON public.category_principal USING btree (principal_id, category_id, kind);


--
-- Name: membership_purge_at_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX membership_purge_at_ix ON public.membership_purge USING btree (at, id);


--
-- Name: mention_message_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX mention_message_ix ON public.mention USING btree (room_id, seq);


--
-- Name: message_change_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX message_change_ix ON public.message USING btree (room_id, rev) WHERE (rev > 0);


--
-- Name: message_key_at_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX message_key_at_ix ON public.message_key USING btree (at);


--
-- Name: message_transit_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX message_transit_ix ON public.message USING btree (at, room_id, seq) WHERE (transit = 1);


--
-- Name: participant_server_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX participant_server_ix ON public.participant USING btree (server_id, epoch);


--
-- Name: policy_grant_policy_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX policy_grant_policy_ix ON public.policy_grant USING btree (policy_id, user_id);


--
-- Name: principal_dn_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX principal_dn_ix ON public.principal USING btree (dn_key) WHERE (dn_key IS NOT NULL);


--
-- Name: principal_external_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX principal_external_ix ON public.principal USING btree (external_id) WHERE (external_id IS NOT NULL);


--
-- Name: principal_member_child_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_member_child_ix ON public.principal_member USING btree (child_id, parent_id);


--
-- Name: principal_name_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX principal_name_ix ON public.principal USING btree (kind, name_sort, id);


--
-- Name: purged_role_room_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX purged_role_room_ix ON public.purged_role USING btree (room_id, purge_id, role, principal_id);


--
-- Name: room_addin_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX room_addin_ix ON public.room USING btree (addin_id) WHERE (addin_id IS NOT NULL);


--
-- Name: room_category_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX room_category_ix ON public.room USING btree (category_id, name_sort, id);


--
-- Name: room_name_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX room_name_ix ON public.room USING btree (name_sort, id);


--
-- Name: room_removed_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX room_removed_ix ON public.room USING btree (removed_at) WHERE (removed_at IS NOT NULL);


--
-- Name: room_role_principal_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX room_role_principal_ix ON public.room_role USING btree (principal_id, role, room_id);


--
-- Name: session_server_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_server_ix ON public.session USING btree (server_id, epoch);


--
-- Name: session_user_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_user_ix ON public.session USING btree (user_id, id);


--
-- Name: stored_file_arriving_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stored_file_arriving_ix ON public.stored_file USING btree (created_at) WHERE (state = 1);


--
-- Name: stored_file_room_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX stored_file_room_ix ON public.stored_file USING btree (room_id, id);


--
-- Name: token_expiry_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_expiry_ix ON public.token USING btree (expires_at) WHERE (expires_at IS NOT NULL);


--
-- Name: token_user_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX token_user_ix ON public.token USING btree (user_id, id);


--
-- Name: wall_principal_principal_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX wall_principal_principal_ix ON public.wall_principal USING btree (principal_id, wall_id, side);


--
-- Name: admin_role admin_role_principal_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.admin_role
    ADD CONSTRAINT admin_role_principal_fk FOREIGN KEY (principal_id) REFERENCES public.principal(id);


--
-- Name: category_principal category_principal_category_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.category_principal
    ADD CONSTRAINT category_principal_category_fk FOREIGN KEY (category_id) REFERENCES public.category(id);


--
-- Name: category_principal category_principal_principal_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.category_principal
    ADD CONSTRAINT category_principal_principal_fk FOREIGN KEY (principal_id) REFERENCES public.principal(id);


--
-- Name: invitation_head invitation_head_user_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation_head
    ADD CONSTRAINT invitation_head_user_fk FOREIGN KEY (user_id) REFERENCES public.principal(id);


--
-- Name: invitation invitation_room_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_room_fk FOREIGN KEY (room_id) REFERENCES public.room(id);


--
-- Name: invitation invitation_user_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_user_fk FOREIGN KEY (user_id) REFERENCES public.principal(id);


--
-- Name: keyword_watch keyword_watch_user_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.keyword_watch
    ADD CONSTRAINT keyword_watch_user_fk FOREIGN KEY (user_id) REFERENCES public.principal(id);


--
-- Name: policy_grant policy_grant_policy_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_grant
    ADD CONSTRAINT policy_grant_policy_fk FOREIGN KEY (policy_id) REFERENCES public.policy(id);


--
-- Name: policy_grant policy_grant_user_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.policy_grant
    ADD CONSTRAINT policy_grant_user_fk FOREIGN KEY (user_id) REFERENCES public.principal(id);


--
-- Name: principal_member principal_member_child_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal_member
    ADD CONSTRAINT principal_member_child_fk FOREIGN KEY (child_id) REFERENCES public.principal(id);


--
-- Name: principal_member principal_member_parent_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.principal_member
    ADD CONSTRAINT principal_member_parent_fk FOREIGN KEY (parent_id) REFERENCES public.principal(id);


--
-- Name: purged_role purged_role_purge_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.purged_role
    ADD CONSTRAINT purged_role_purge_fk FOREIGN KEY (purge_id) REFERENCES public.membership_purge(id);


--
-- Name: purged_role purged_role_room_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.purged_role
    ADD CONSTRAINT purged_role_room_fk FOREIGN KEY (room_id) REFERENCES public.room(id);


--
-- Name: room room_addin_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room
    ADD CONSTRAINT room_addin_fk FOREIGN KEY (addin_id) REFERENCES public.addin(id);


--
-- Name: room room_category_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room
    ADD CONSTRAINT room_category_fk FOREIGN KEY (category_id) REFERENCES public.category(id);


--
-- Name: room_head room_head_room_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room_head
    ADD CONSTRAINT room_head_room_fk FOREIGN KEY (room_id) REFERENCES public.room(id);


--
-- Name: room_role room_role_principal_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room_role
    ADD CONSTRAINT room_role_principal_fk FOREIGN KEY (principal_id) REFERENCES public.principal(id);


--
-- Name: room_role room_role_room_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.room_role
    ADD CONSTRAINT room_role_room_fk FOREIGN KEY (room_id) REFERENCES public.room(id);


--
-- Name: token token_user_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.token
    ADD CONSTRAINT token_user_fk FOREIGN KEY (user_id) REFERENCES public.principal(id);


--
-- Name: user_account user_account_user_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.user_account
    ADD CONSTRAINT user_account_user_fk FOREIGN KEY (user_id) REFERENCES public.principal(id);


--
-- Name: wall_principal wall_principal_principal_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wall_principal
    ADD CONSTRAINT wall_principal_principal_fk FOREIGN KEY (principal_id) REFERENCES public.principal(id);


--
-- Name: wall_principal wall_principal_wall_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.wall_principal
    ADD CONSTRAINT wall_principal_wall_fk FOREIGN KEY (wall_id) REFERENCES public.wall(id);


--
-- PostgreSQL database dump complete
--



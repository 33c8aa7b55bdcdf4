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
-- Name: adapter_state; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.adapter_state (
    name character varying(64) NOT NULL COLLATE pg_catalog."C",
    last_batch_id bigint NOT NULL,
    state smallint NOT NULL,
    try_count integer NOT NULL,
    next_try_at bigint,
    succeeded_at bigint,
    last_error character varying(1000),
    CONSTRAINT adapter_state_state_ck CHECK (((state >= 1) AND (state <= 3)))
)
WITH (fillfactor='50');


--
-- Name: batch; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.batch (
    id bigint NOT NULL,
    first_event_id bigint NOT NULL,
    last_event_id bigint NOT NULL,
    event_count integer NOT NULL,
    prev_hash character varying(64) NOT NULL COLLATE pg_catalog."C",
    hash character varying(64) NOT NULL COLLATE pg_catalog."C",
    closed_at bigint NOT NULL,
    pruned_at bigint,
    CONSTRAINT batch_hash_ck CHECK ((length((hash)::text) = 64)),
    CONSTRAINT batch_prev_hash_ck CHECK ((length((prev_hash)::text) = 64)),
    CONSTRAINT batch_range_ck CHECK ((event_count = ((last_event_id - first_event_id) + 1)))
);


--
-- Name: chain_head; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.chain_head (
    id smallint NOT NULL,
    fencing_token bigint NOT NULL,
    last_event_id bigint NOT NULL,
    last_batch_id bigint NOT NULL,
    last_batch_hash character varying(64) NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT chain_head_id_ck CHECK ((id = 1)),
    CONSTRAINT chain_head_last_batch_hash_ck CHECK ((length((last_batch_hash)::text) = 64))
)
WITH (fillfactor='50');


--
-- Name: deployment; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.deployment (
    name character varying(64) NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL
);


--
-- Name: event; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.event (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    origin_id bigint NOT NULL,
    n bigint NOT NULL,
    at bigint NOT NULL,
    recorded_at bigint NOT NULL,
    seq bigint,
    room_uuid character varying(36) COLLATE pg_catalog."C",
    user_uuid character varying(36) COLLATE pg_catalog."C",
    kind smallint NOT NULL,
    body text NOT NULL,
    CONSTRAINT event_kind_ck CHECK ((kind > 0)),
    CONSTRAINT event_room_uuid_ck CHECK ((length((room_uuid)::text) = 36)),
    CONSTRAINT event_user_uuid_ck CHECK ((length((user_uuid)::text) = 36)),
    CONSTRAINT event_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: legal_hold; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.legal_hold (
    id bigint NOT NULL,
    uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    name_key character varying(64) NOT NULL COLLATE pg_catalog."C",
    name character varying(256) NOT NULL,
    reason character varying(1000) NOT NULL,
    from_at bigint,
    to_at bigint,
    created_at bigint NOT NULL,
    created_by character varying(384) NOT NULL,
    released_at bigint,
    released_by character varying(384),
    CONSTRAINT legal_hold_name_key_ck CHECK ((length((name_key)::text) = 64)),
    CONSTRAINT legal_hold_uuid_ck CHECK ((length((uuid)::text) = 36))
);


--
-- Name: legal_hold_target; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.legal_hold_target (
    hold_id bigint NOT NULL,
    kind smallint NOT NULL,
    target_uuid character varying(36) NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT legal_hold_target_kind_ck CHECK (((kind >= 1) AND (kind <= 4))),
    CONSTRAINT legal_hold_target_target_uuid_ck CHECK ((length((target_uuid)::text) = 36))
);


--
-- Name: origin_cursor; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.origin_cursor (
    origin_id bigint NOT NULL,
    n bigint NOT NULL,
    updated_at bigint NOT NULL
)
WITH (fillfactor='50');


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
-- Data for Name: adapter_state; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.adapter_state VALUES ('xml', 1, 3, 4, 1767225600000009, NULL, 'disk full: "/out"; 😀');


--
-- Data for Name: batch; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.batch VALUES (1, 1, 2, 2, '0000000000000000000000000000000000000000000000000000000000000000', '0000000000000000000000000000000000000000000000000000000000000005', 1767225600000003, NULL);


--
-- Data for Name: chain_head; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.chain_head VALUES (1, 3, 2, 1, '0000000000000000000000000000000000000000000000000000000000000005');


--
-- Data for Name: deployment; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.deployment VALUES ('pool_fqdn', 'pc.contoso.example');


--
-- Data for Name: event; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.event VALUES (1, '018f4e2a-7c00-7000-8000-000000000064', 1, 1, 1767225600000000, 1767225600000001, 1, '018f4e2a-7c00-7000-8000-000000000028', '018f4e2a-7c00-7000-8000-00000000000a', 1, '{"text":"Zoë 😀: it''s; \"x\""}');
INSERT INTO public.event VALUES (2, '018f4e2a-7c00-7000-8000-000000000065', 1, 2, 1767225600000000, 1767225600000002, NULL, NULL, NULL, 2, '{}');


--
-- Data for Name: legal_hold; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.legal_hold VALUES (1, '018f4e2a-7c00-7000-8000-0000000000c8', '0000000000000000000000000000000000000000000000000000000000000009', 'Fall Müller 😀', 'it''s: "x"', NULL, 1767225600000000, 1767225600000000, 'zoe@contoso.example', NULL, NULL);


--
-- Data for Name: legal_hold_target; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.legal_hold_target VALUES (1, 3, '018f4e2a-7c00-7000-8000-000000000028');


--
-- Data for Name: origin_cursor; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.origin_cursor VALUES (1, 2, 1767225600000000);


--
-- Data for Name: schema_migration; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.schema_migration VALUES (1, '0001_init', 'f1c5a70d58244912e18a274c3234a793db3fa99e6809bf801761daa2a2cd003d', 1767225600000000);


--
-- Name: adapter_state adapter_state_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.adapter_state
    ADD CONSTRAINT adapter_state_pk PRIMARY KEY (name);


--
-- Name: batch batch_last_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.batch
    ADD CONSTRAINT batch_last_uq UNIQUE (last_event_id);


--
-- Name: batch batch_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.batch
    ADD CONSTRAINT batch_pk PRIMARY KEY (id);


--
-- Name: chain_head chain_head_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.chain_head
    ADD CONSTRAINT chain_head_pk PRIMARY KEY (id);


--
-- Name: deployment deployment_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.deployment
    ADD CONSTRAINT deployment_pk PRIMARY KEY (name);


--
-- Name: event event_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pk PRIMARY KEY (id);


--
-- Name: event event_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_uuid_uq UNIQUE (uuid);


--
-- Name: legal_hold legal_hold_name_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.legal_hold
    ADD CONSTRAINT legal_hold_name_uq UNIQUE (name_key);


--
-- Name: legal_hold legal_hold_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.legal_hold
    ADD CONSTRAINT legal_hold_pk PRIMARY KEY (id);


--
-- Name: legal_hold_target legal_hold_target_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.legal_hold_target
    ADD CONSTRAINT legal_hold_target_pk PRIMARY KEY (hold_id, kind, target_uuid);


--
-- Name: legal_hold legal_hold_uuid_uq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.legal_hold
    ADD CONSTRAINT legal_hold_uuid_uq UNIQUE (uuid);


--
-- Name: origin_cursor origin_cursor_pk; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.origin_cursor
    ADD CONSTRAINT origin_cursor_pk PRIMARY KEY (origin_id);


--
-- Name: schema_migration schema_migration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.schema_migration
    ADD CONSTRAINT schema_migration_pkey PRIMARY KEY (version);


--
-- Name: event_at_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_at_ix ON public.event USING btree (at, id);


--
-- Name: event_origin_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_origin_ix ON public.event USING btree (origin_id, n);


--
-- Name: event_room_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_room_ix ON public.event USING btree (room_uuid, id) WHERE (room_uuid IS NOT NULL);


--
-- Name: event_user_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX event_user_ix ON public.event USING btree (user_uuid, id) WHERE (user_uuid IS NOT NULL);


--
-- Name: legal_hold_target_target_ix; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX legal_hold_target_target_ix ON public.legal_hold_target USING btree (kind, target_uuid, hold_id);


--
-- Name: legal_hold_target legal_hold_target_hold_fk; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.legal_hold_target
    ADD CONSTRAINT legal_hold_target_hold_fk FOREIGN KEY (hold_id) REFERENCES public.legal_hold(id);


--
-- PostgreSQL database dump complete
--



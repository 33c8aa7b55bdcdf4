// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/registry.h"

#include "server/store/sql/deployment_tables.h"

#include <fmt/format.h>

#include <charconv>

namespace pchat::sql {
namespace {

const Statement ids_take{
    "ids take",
    "update id_block set next_id = next_id + :count {output next_id} "
    "where name = :name {returning next_id}"};

// SQLite and PostgreSQL need no table for that, and SQL Server takes none.
const Statement clock_read{"clock", "select {now}"};

const Statement fact_by_name{"fact by name", "select value from deployment where name = :name"};

const Statement server_by_fqdn{
    "server by name", "select {columns server} from server where fqdn = :fqdn"};

const Statement server_begin{
    "server begin a life",
    "update server set uuid = :uuid, addresses = {words :addresses}, version = :version, "
    "state = :state, epoch = epoch + 1, session_count = 0, load_permille = 0, started_at = :now, "
    "heartbeat_at = :beat, expires_at = :expires where id = :id"};

const Statement server_beat{
    "server heartbeat",
    "update server set session_count = :sessions, load_permille = :load, heartbeat_at = {now}, "
    "expires_at = {now} + :lifetime where id = :id and epoch = :epoch"};

const Statement server_announce{
    "server announce",
    "update server set addresses = {words :addresses} where id = :id and epoch = :epoch"};

const Statement server_leave{
    "server leave",
    "update server set session_count = 0, load_permille = 0, expires_at = 0 "
    "where id = :id and epoch = :epoch"};

// Fences and numbers in one statement.
const Statement server_advance{
    "server advance",
    "update server set log_n = log_n + 1, outbox_n = outbox_n + :outbox "
    "{output id, uuid, fqdn, addresses, version, state, epoch, log_n, outbox_n, session_count, "
    "load_permille, started_at, heartbeat_at, expires_at} where id = :id and epoch = :epoch "
    "{returning id, uuid, fqdn, addresses, version, state, epoch, log_n, outbox_n, "
    "session_count, load_permille, started_at, heartbeat_at, expires_at}"};

const Statement server_state{"server state", "update server set state = :state where id = :id"};

// Whether it had ended in order stays known.
const Statement server_fence{
    "server fence",
    "update server set epoch = epoch + 1, "
    "expires_at = case when expires_at < {now} then expires_at else {now} end "
    "where id = :id and epoch = :epoch"};

const Statement servers_all{"servers", "select {columns server} from server order by fqdn"};

const Statement lease_by_name{
    "lease by name", "select {columns lease} from lease where name = :name"};

const Statement lease_renew{
    "lease renew",
    "update lease set expires_at = {now} + :lifetime where name = :name "
    "and fencing_token = :token and owner_name = {words :owner}"};

const Statement lease_take{
    "lease take",
    "update lease set owner_id = :owner_id, owner_name = {words :owner}, "
    "fencing_token = fencing_token + 1, acquired_at = {now}, expires_at = {now} + :lifetime "
    "where name = :name and expires_at <= {now}"};

const Statement lease_release{
    "lease release",
    "update lease set expires_at = 0 where name = :name and fencing_token = :token"};

const Statement leases_all{"leases", "select {columns lease} from lease order by name"};

tl::unexpected<Error> fenced(ServerId id, std::int64_t epoch) {
    return fail_as(
        server_replaced,
        Errc::denied,
        fmt::format("server {} was replaced: its life {} has ended", id.value, epoch),
        "start it again, unless another machine has taken its name: then give one of them another"
    );
}

/// Administrators decide that, not the server.
ServerState state_of_newcomer(const Server& known, const Enrolment& enrolment) {
    return known.state == ServerState::removed ? enrolment.state : wanted(known.state);
}

}  // namespace

Catalog registry_catalog() {
    return {
        {&table_of<IdBlock>(), &table_of<Fact>(), &table_of<Server>(), &table_of<Lease>()},
        {&ids_take,
         &clock_read,
         &fact_by_name,
         &server_by_fqdn,
         &server_begin,
         &server_beat,
         &server_announce,
         &server_leave,
         &server_advance,
         &server_state,
         &server_fence,
         &servers_all,
         &lease_by_name,
         &lease_renew,
         &lease_take,
         &lease_release,
         &leases_all}};
}

Result<std::int64_t> SqlRegistryStore::take_ids(IdKind kind, std::int64_t count) {
    const std::string_view name = to_string(kind);
    const auto next = tx_.one<std::int64_t>(ids_take, count, name);
    if (!next)
        return pass(next.error());
    if (*next)
        return **next - count;
    const IdBlock first{std::string{name}, 1 + count};
    if (Result<void> inserted = tx_.insert(std::span<const IdBlock>{&first, 1}, Race::again);
        !inserted)
        return pass(inserted.error());
    return 1;
}

Result<Microseconds> SqlRegistryStore::now() {
    const auto now = tx_.one<Microseconds>(clock_read);
    if (!now)
        return pass(now.error());
    return now->value_or(0);
}

Result<std::optional<std::string>> SqlRegistryStore::fact(std::string_view name) {
    return tx_.one<std::string>(fact_by_name, name);
}

Result<void> SqlRegistryStore::put_fact(std::string_view name, std::string_view value) {
    return tx_.put(Fact{std::string{name}, std::string{value}});
}

Result<std::int64_t> SqlRegistryStore::fence_floor() {
    const auto text = fact(fence_floor_fact);
    if (!text)
        return pass(text.error());
    std::int64_t value = 0;
    if (*text)
        std::from_chars((*text)->data(), (*text)->data() + (*text)->size(), value);
    return value;
}

Result<Server> SqlRegistryStore::enrol(const Enrolment& enrolment) {
    const Result<Microseconds> at = now();
    if (!at)
        return pass(at.error());
    const auto known = tx_.one<Server>(server_by_fqdn, enrolment.fqdn);
    if (!known)
        return pass(known.error());
    if (!*known) {
        const Result<std::int64_t> floor = fence_floor();
        if (!floor)
            return pass(floor.error());
        Server server;
        server.id = enrolment.id;
        server.uuid = enrolment.uuid;
        server.fqdn = enrolment.fqdn;
        server.addresses = enrolment.addresses;
        server.version = enrolment.version;
        server.state = enrolment.state;
        server.epoch = *floor + 1;
        server.started_at = server.heartbeat_at = *at;
        server.expires_at = *at + enrolment.lifetime;
        if (Result<void> made = tx_.insert(std::span<const Server>{&server, 1}, Race::again); !made)
            return pass(made.error());
        return server;
    }
    const auto begun = tx_.change(
        server_begin,
        enrolment.uuid,
        enrolment.addresses,
        enrolment.version,
        state_of_newcomer(**known, enrolment),
        *at,
        *at,
        *at + enrolment.lifetime,
        (*known)->id
    );
    if (!begun)
        return pass(begun.error());
    const auto server = tx_.one<Server>(server_by_fqdn, enrolment.fqdn);
    if (!server)
        return pass(server.error());
    return **server;
}

Result<void> SqlRegistryStore::heartbeat(const Heartbeat& beat) {
    const auto changed = tx_.change(
        server_beat, beat.session_count, beat.load_permille, beat.lifetime, beat.id, beat.epoch
    );
    if (!changed)
        return pass(changed.error());
    if (*changed == 0)
        return fenced(beat.id, beat.epoch);
    return {};
}

Result<void> SqlRegistryStore::announce(
    ServerId id, std::int64_t epoch, std::string_view addresses
) {
    const auto changed = tx_.change(server_announce, addresses, id, epoch);
    if (!changed)
        return pass(changed.error());
    if (*changed == 0)
        return fenced(id, epoch);
    return {};
}

Result<void> SqlRegistryStore::leave(ServerId id, std::int64_t epoch) {
    return tx_.run(server_leave, id, epoch);
}

Result<Server> SqlRegistryStore::advance(ServerId id, std::int64_t epoch, std::int64_t outbox) {
    const auto server = tx_.one<Server>(server_advance, outbox, id, epoch);
    if (!server)
        return pass(server.error());
    if (!*server)
        return fenced(id, epoch);
    return **server;
}

Result<void> SqlRegistryStore::set_state(ServerId id, ServerState state) {
    const auto changed = tx_.change(server_state, state, id);
    if (!changed)
        return pass(changed.error());
    if (*changed == 0)
        return fail(Errc::not_found, fmt::format("there is no server {}", id.value));
    return {};
}

Result<bool> SqlRegistryStore::fence(ServerId id, std::int64_t epoch) {
    const auto fenced_now = tx_.change(server_fence, id, epoch);
    if (!fenced_now)
        return pass(fenced_now.error());
    return *fenced_now > 0;
}

Result<std::vector<Server>> SqlRegistryStore::list() {
    return tx_.list<Server>(servers_all);
}

Result<std::optional<Lease>> SqlRegistryStore::acquire(const Lease& wanted, Microseconds lifetime) {
    const auto renewed =
        tx_.change(lease_renew, lifetime, wanted.name, wanted.fencing_token, wanted.owner_name);
    if (!renewed)
        return pass(renewed.error());
    if (*renewed == 0) {
        const auto taken =
            tx_.change(lease_take, wanted.owner, wanted.owner_name, lifetime, wanted.name);
        if (!taken)
            return pass(taken.error());
        if (*taken == 0) {
            const auto there = tx_.one<Lease>(lease_by_name, wanted.name);
            if (!there)
                return pass(there.error());
            if (*there)
                return std::nullopt;  // somebody else's, and in force
            const Result<Microseconds> at = now();
            if (!at)
                return pass(at.error());
            const Result<std::int64_t> floor = fence_floor();
            if (!floor)
                return pass(floor.error());
            Lease first = wanted;
            first.fencing_token = *floor + 1;
            first.acquired_at = *at;
            first.expires_at = *at + lifetime;
            if (Result<void> made = tx_.insert(std::span<const Lease>{&first, 1}, Race::again);
                !made)
                return pass(made.error());
        }
    }
    return tx_.one<Lease>(lease_by_name, wanted.name);
}

Result<void> SqlRegistryStore::release(const Lease& lease) {
    return tx_.run(lease_release, lease.name, lease.fencing_token);
}

Result<std::vector<Lease>> SqlRegistryStore::leases() {
    return tx_.list<Lease>(leases_all);
}

}  // namespace pchat::sql

// SPDX-License-Identifier: Apache-2.0
#include "server/service/pool_admin.h"

#include "base/sha256.h"
#include "base/suggest.h"
#include "base/unicode.h"
#include "server/domain/server_life.h"
#include "server/service/audit_text.h"
#include "server/service/buried.h"
#include "server/service/fetch.h"
#include "server/service/roll.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>

namespace pchat {
namespace {

using States = std::map<ServerId, ServerState>;

Result<PoolPicture> read_pool(ContentTransaction& tx) {
    Result<Roll> roll = read_roll(tx);
    if (!roll)
        return pass(std::move(roll).error());
    PoolPicture out;
    out.now = roll->now;
    std::string states;
    for (Server& row : roll->servers) {
        row.state = wanted(row.state);
        if (row.state == ServerState::removed)
            continue;
        PoolServer& one = out.servers.emplace_back();
        auto figures = tx.registry().fact(figures_fact(row.id));
        if (!figures)
            return pass(std::move(figures).error());
        one.figures = figures->value_or("");
        if (row.state == ServerState::draining) {
            auto drain = read_drain(tx, row.id);
            if (!drain)
                return pass(std::move(drain).error());
            one.drain = *drain;
        }
        const bool returns = one.drain && one.drain->before == ServerState::active;
        states += fmt::format("{} {} {}\n", row.fqdn, to_string(row.state), returns);
        one.row = std::move(row);
    }
    out.revision = std::stoll(sha256_hex(states).substr(0, 15), nullptr, 16);
    return out;
}

Result<void> check_count(const PoolPicture& pool, const States& states) {
    std::vector<std::string_view> active;
    bool more = false;
    for (const PoolServer& one : pool.servers) {
        if (states.at(one.row.id) != ServerState::active)
            continue;
        active.push_back(one.row.fqdn);
        more = more || one.row.state != ServerState::active;
    }
    if (!more || active.size() <= most_active_servers)
        return {};
    return fail_as(
        "too-many-active",
        Errc::conflict,
        fmt::format(
            "{} servers would be active ({}), a pool has at most {}",
            active.size(),
            fmt::join(active, ", "),
            most_active_servers
        ),
        "take one off first: pchatctl pool active remove SERVER",
        "active"
    );
}

void log(Change& change, std::string_view action, const Server& server, const AuditText& text) {
    change.audit(
        std::string{action},
        audit_object_server,
        server.id.value,
        server.fqdn,
        text.before(),
        text.after()
    );
}

/// Writes the states that differ, and says which.
Result<std::vector<StateChange>> write_states(
    Change& change, const PoolPicture& pool, const States& states, std::string_view action
) {
    if (Result<void> few = check_count(pool, states); !few)
        return pass(std::move(few).error());
    std::vector<StateChange> out;
    for (const PoolServer& one : pool.servers) {
        const ServerState to = states.at(one.row.id);
        if (to == one.row.state)
            continue;
        if (Result<void> set = change.tx().registry().set_state(one.row.id, to); !set)
            return pass(std::move(set).error());
        AuditText text;
        text.text("state", to_string(one.row.state), to_string(to));
        log(change, action, one.row, text);
        out.push_back({one.row.fqdn, one.row.state, to});
    }
    return out;
}

/// One change of the pool, told to this server's memory before it returns.
using Work = std::function<Result<std::vector<StateChange>>(Change&, const PoolPicture&, States&)>;
Result<std::vector<StateChange>> run(
    Changes& changes, const AdminCall& call, std::string_view doing, const Work& work
) {
    std::vector<StateChange> out;
    Result<void> done = changes.run(
        doing,
        call.actor,
        [&](Change& change) -> Result<void> {
            if (Result<void> alone = change.take_turn(std::string{servers_turn}); !alone)
                return alone;
            const Result<PoolPicture> pool = read_pool(change.tx());
            if (!pool)
                return pass(pool.error());
            if (auto same = check_revision(call, pool->revision, "the pool"); !same)
                return same;
            States states;
            for (const PoolServer& one : pool->servers)
                states[one.row.id] = one.row.state;
            auto changed = work(change, *pool, states);
            if (!changed)
                return pass(std::move(changed).error());
            out = std::move(*changed);
            return {};
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    if (call.dry_run || out.empty())
        return out;
    // The other servers see it with their next look.
    Chat& chat = changes.chat();
    Result<Roll> roll = fetch(chat.content(), "looking at the pool", read_roll);
    if (!roll)
        return pass(std::move(roll).error(), "it was changed; looking at the pool");
    chat.pool().take(roll->servers, roll->now);
    return out;
}

Result<std::vector<const PoolServer*>> find_all(
    const PoolPicture& pool, const std::vector<std::string>& names
) {
    std::vector<const PoolServer*> out;
    for (const std::string& name : names) {
        const auto found = find_server(pool, name);
        if (!found)
            return pass(found.error());
        out.push_back(*found);
    }
    return out;
}

/// Who is draining goes on with that, and does not come back.
Result<void> take_off(Change& change, const PoolServer& one, States& states) {
    if (one.row.state == ServerState::active)
        states[one.row.id] = ServerState::standby;
    if (one.row.state != ServerState::draining || !one.drain)
        return {};
    return put_drain(change.tx(), one.row.id, {one.drain->until, ServerState::standby});
}

Result<std::vector<StateChange>> start_drain(
    Change& change,
    const PoolPicture& pool,
    const PoolServer& one,
    States& states,
    std::chrono::microseconds within
) {
    const Drain drain{pool.now + within.count(), one.row.state};
    if (Result<void> put = put_drain(change.tx(), one.row.id, drain); !put)
        return pass(std::move(put).error());
    states[one.row.id] = ServerState::draining;
    return write_states(change, pool, states, "pool.drain");
}

/// Of a server that is draining.
Result<std::vector<StateChange>> prolong(
    Change& change, const PoolPicture& pool, const PoolServer& one, std::chrono::microseconds within
) {
    Drain drain = one.drain.value_or(Drain{});
    const Microseconds before = std::exchange(drain.until, pool.now + within.count());
    if (Result<void> put = put_drain(change.tx(), one.row.id, drain); !put)
        return pass(std::move(put).error());
    AuditText text;
    text.number("until", before, drain.until);
    log(change, "pool.drain", one.row, text);
    return std::vector{StateChange{one.row.fqdn, one.row.state, one.row.state}};
}

/// Only what is over for good: no life of it goes on, and what the last one left is put away.
Result<void> check_over(ContentTransaction& tx, const PoolPicture& pool, const Server& server) {
    if (is_living(server, pool.now) || is_starting(server, pool.now))
        return fail_as(
            "server-lives",
            Errc::conflict,
            fmt::format("server '{}' lives", server.fqdn),
            "stop it for good first: pchatctl pool drain, then stop pchatd there",
            "server"
        );
    const Result<bool> buried = is_buried(tx, server);
    if (!buried)
        return pass(buried.error());
    if (!*buried)
        return fail_as(
            "server-not-buried",
            Errc::conflict,
            fmt::format("what server '{}' left behind is not put away yet", server.fqdn),
            "another server does that within a minute or so: try it again then",
            "server"
        );
    return {};
}

}  // namespace

std::string_view to_string(ServerState state) {
    constexpr std::array<std::string_view, 5> names{
        "standby", "active", "draining", "stopped", "removed"};
    return names.at(static_cast<std::size_t>(state) - 1);
}

std::string figures_fact(ServerId server) {
    return fmt::format("figures.{}", server.value);
}

Result<PoolPicture> read_pool(ContentDatabase& content) {
    return fetch(content, "reading the pool", [](ContentTransaction& tx) { return read_pool(tx); });
}

Result<const PoolServer*> find_server(const PoolPicture& pool, std::string_view fqdn) {
    std::vector<std::string_view> names;
    for (const PoolServer& one : pool.servers) {
        if (lower_ascii(one.row.fqdn) == lower_ascii(fqdn))
            return &one;
        names.push_back(one.row.fqdn);
    }
    const auto meant = nearest(lower_ascii(fqdn), names);
    return fail_as(
        "server-not-found",
        Errc::not_found,
        fmt::format("server '{}' does not belong to this pool", printable(fqdn)),
        meant ? fmt::format("did you mean '{}'?", *meant) : "list servers: pchatctl pool status",
        "server"
    );
}

Result<std::vector<StateChange>> change_active(
    Changes& changes, const AdminCall& call, const ActiveChange& wanted
) {
    return run(
        changes,
        call,
        "changing the active servers",
        [&](Change& change, const PoolPicture& pool, States& states
        ) -> Result<std::vector<StateChange>> {
            const auto on = find_all(pool, wanted.set ? *wanted.set : wanted.add);
            const auto off = find_all(pool, wanted.remove);
            if (!on || !off)
                return pass(!on ? on.error() : off.error());
            for (const PoolServer& one : pool.servers) {
                const bool is_off = std::find(off->begin(), off->end(), &one) != off->end();
                if (wanted.set || is_off)
                    if (Result<void> done = take_off(change, one, states); !done)
                        return pass(std::move(done).error());
                if (wanted.swap && one.row.state == ServerState::active)
                    states[one.row.id] = ServerState::standby;
                if (wanted.swap && one.row.state == ServerState::standby)
                    states[one.row.id] = ServerState::active;
            }
            for (const PoolServer* one : *on)
                states[one->row.id] = ServerState::active;
            return write_states(change, pool, states, "pool.active");
        }
    );
}

Result<std::vector<StateChange>> change_drain(
    Changes& changes,
    const AdminCall& call,
    std::string_view fqdn,
    std::optional<bool> draining,
    std::optional<std::chrono::seconds> within
) {
    const std::chrono::seconds usual = changes.chat().facts().drain_time;
    return run(
        changes,
        call,
        "changing whether the server drains",
        [&](Change& change, const PoolPicture& pool, States& states
        ) -> Result<std::vector<StateChange>> {
            const auto found = find_server(pool, fqdn);
            if (!found)
                return pass(found.error());
            const PoolServer& one = **found;
            const bool drains = one.row.state == ServerState::draining;
            if (draining == true && drains && (within || !one.drain))
                return prolong(change, pool, one, within.value_or(usual));
            if (!draining || *draining == drains)
                return std::vector<StateChange>{};
            if (drains) {
                states[one.row.id] = one.drain ? one.drain->before : ServerState::active;
                return write_states(change, pool, states, "pool.undrain");
            }
            return start_drain(change, pool, one, states, within.value_or(usual));
        }
    );
}

Result<std::vector<StateChange>> change_state(
    Changes& changes,
    const AdminCall& call,
    std::string_view fqdn,
    ServerState state,
    std::optional<std::chrono::seconds> within
) {
    if (state == ServerState::draining)
        return change_drain(changes, call, fqdn, true, within);
    return run(
        changes,
        call,
        "changing the state of the server",
        [&](Change& change, const PoolPicture& pool, States& states
        ) -> Result<std::vector<StateChange>> {
            const auto found = find_server(pool, fqdn);
            if (!found)
                return pass(found.error());
            states[(*found)->row.id] = state;
            return write_states(change, pool, states, "pool.state");
        }
    );
}

Result<std::vector<StateChange>> remove_server(
    Changes& changes, const AdminCall& call, std::string_view fqdn
) {
    return run(
        changes,
        call,
        "removing the server from the pool",
        [&](Change& change, const PoolPicture& pool, States& states
        ) -> Result<std::vector<StateChange>> {
            const auto found = find_server(pool, fqdn);
            if (!found)
                return pass(found.error());
            const Server& server = (*found)->row;
            if (Result<void> over = check_over(change.tx(), pool, server); !over)
                return pass(std::move(over).error());
            states[server.id] = ServerState::removed;
            return write_states(change, pool, states, "pool.remove");
        }
    );
}

}  // namespace pchat

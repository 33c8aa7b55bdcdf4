// SPDX-License-Identifier: Apache-2.0
// The pools, the servers of this one, and which of them take users.
#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/short_list.h"
#include "server/domain/name_filter.h"
#include "server/domain/server_life.h"
#include "server/service/pool_admin.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::api {
namespace {

using Pools = std::vector<PublishedTopology::Pool>;

/// As the topology has them; without one there is only this one.
Pools pools_of(const Call& call) {
    const Chat& chat = call.services.chat;
    const std::string& own = chat.facts().pool;
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        Pools out = state.topology().pools;
        if (state.topology().pool(own) == nullptr)
            out.push_back({own, state.home().site, false, 0, {}});
        return out;
    });
}

bool is_own(const Call& call, std::string_view pool) {
    return fold_case(pool) == fold_case(call.services.chat.facts().pool);
}

void write_planned(wire::FieldWriter& fields, const PublishedTopology::Pool& pool) {
    fields.text("pool", pool.fqdn);
    if (!pool.site.empty())
        fields.text("site", pool.site);
    if (pool.concurrent_users > 0)
        fields.number("planned", pool.concurrent_users);
}

/// ?filter=
Result<net::HttpResponse> get_pools(Call& call) {
    Pools pools = pools_of(call);
    const NameFilter filter{text_of(call, "filter")};
    std::erase_if(pools, [&](const auto& one) { return !filter.fits(one.fqdn); });
    return short_list(
        call,
        "pools",
        pools,
        [](const auto& one) { return one.fqdn; },
        [&](const auto& one) {
            std::string out;
            wire::FieldWriter fields{out};
            write_planned(fields, one);
            fields.number("machines", static_cast<std::int64_t>(one.machines.size()))
                .boolean("here", is_own(call, one.fqdn));
            return out;
        }
    );
}

/// The planned pool, when it is this server's.
Result<PublishedTopology::Pool> own_pool(const Call& call) {
    const std::string& name = call.path.at("pool");
    const Pools pools = pools_of(call);
    const auto found = std::find_if(pools.begin(), pools.end(), [&](const auto& one) {
        return fold_case(one.fqdn) == fold_case(name);
    });
    if (found == pools.end())
        return fail_as(
            "pool-unknown",
            Errc::not_found,
            fmt::format("pool '{}' does not exist", printable(name)),
            "list pools: pchatctl pool list",
            "pool"
        );
    if (!is_own(call, name))
        return fail_as(
            "pool-elsewhere",
            Errc::not_found,
            fmt::format("this server belongs to pool '{}'", call.services.chat.facts().pool),
            fmt::format("ask a server of '{}': --server, or --context", found->fqdn),
            "pool"
        );
    return *found;
}

/// What the server told of itself; fields that it did not tell are left out.
void write_figures(wire::FieldWriter& out, const std::string& figures) {
    wire::JsonDocument document;
    const auto root = document.parse(figures);
    if (figures.empty() || !root)
        return;
    wire::ObjectReader in{**root};
    for (const std::string_view name :
         {"limit", "rooms", "messages_per_minute", "commit_p99_us", "waiting_messages", "bus_lost"})
        if (const auto number = in.optional_int(name); number && !in.problem())
            out.number(name, *number);
    if (const auto bus = in.optional_text("bus", {1, 16}); bus && !in.problem())
        out.text("bus", *bus);
    if (const auto follows = in.optional_bool("follows"); follows && !in.problem())
        out.boolean("follows", *follows);
}

void write_server(
    std::string& text,
    const PoolServer& one,
    Microseconds now,
    const PublishedTopology::Pool& planned
) {
    text += '{';
    wire::FieldWriter out{text};
    const bool lives = is_living(one.row, now);
    const auto machine =
        std::find_if(planned.machines.begin(), planned.machines.end(), [&](const auto& each) {
            return fold_case(each.fqdn) == fold_case(one.row.fqdn);
        });
    out.text("server", one.row.fqdn);
    if (machine != planned.machines.end())
        out.text("role", machine->active ? "active" : "standby");
    out.text("state", to_string(one.row.state))
        .boolean("lives", lives)
        .boolean("stopped", has_signed_off(one.row))
        .number("users", lives ? one.row.session_count : 0)
        .number("load_permille", lives ? one.row.load_permille : 0);
    if (lives)
        write_figures(out, one.figures);
    bool complete = true;
    out.texts("urls", read_addresses(one.row.addresses, complete))
        .text("version", one.row.version)
        .time("started_at", one.row.started_at)
        .time("heartbeat_at", one.row.heartbeat_at);
    if (one.drain)
        out.time("drain_until", one.drain->until);
    text += '}';
}

Result<net::HttpResponse> get_pool(Call& call) {
    const Result<PublishedTopology::Pool> planned = own_pool(call);
    if (!planned)
        return pass(planned.error());
    const Result<PoolPicture> pool = read_pool(call.services.chat.content());
    if (!pool)
        return pass(pool.error());
    std::int64_t users = 0;
    std::vector<std::string_view> active;
    for (const PoolServer& one : pool->servers) {
        users += is_living(one.row, pool->now) ? one.row.session_count : 0;
        if (one.row.state == ServerState::active)
            active.push_back(one.row.fqdn);
    }
    std::string body = "{";
    wire::FieldWriter out{body};
    write_planned(out, *planned);
    out.time("at", pool->now).number("users", users).texts("active", active);
    out.list("servers", pool->servers, [&](std::string& text, const PoolServer& one) {
        write_server(text, one, pool->now, *planned);
    });
    return object_response(200, body + "}", pool->revision);
}

Result<net::HttpResponse> get_server(Call& call) {
    const Result<PublishedTopology::Pool> planned = own_pool(call);
    if (!planned)
        return pass(planned.error());
    const Result<PoolPicture> pool = read_pool(call.services.chat.content());
    if (!pool)
        return pass(pool.error());
    const auto found = find_server(*pool, call.path.at("server"));
    if (!found)
        return pass(found.error());
    std::string body;
    write_server(body, **found, pool->now, *planned);
    return json_response(200, body);
}

/// How many servers take users once these are made.
std::int64_t count_takers(const PoolPicture& pool, const std::vector<StateChange>& changes) {
    return std::count_if(pool.servers.begin(), pool.servers.end(), [&](const PoolServer& one) {
        const auto changed =
            std::find_if(changes.begin(), changes.end(), [&](const StateChange& change) {
                return change.server == one.row.fqdn;
            });
        const ServerState state = changed == changes.end() ? one.row.state : changed->to;
        return state == ServerState::active && is_living(one.row, pool.now);
    });
}

Result<net::HttpResponse> answer(Call& call, const std::vector<StateChange>& changes) {
    const Result<PoolPicture> pool = read_pool(call.services.chat.content());
    if (!pool)
        return pass(pool.error(), "it was changed; looking at the pool");
    std::string body = "{";
    wire::FieldWriter out{body};
    out.number("taking_users", count_takers(*pool, changes));
    out.list("changes", changes, [](std::string& text, const StateChange& one) {
        text += '{';
        wire::FieldWriter{text}
            .text("server", one.server)
            .text("from", to_string(one.from))
            .text("to", to_string(one.to));
        text += '}';
    });
    return json_response(200, body + "}");
}

Result<ActiveChange> read_active(const Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    const wire::ListRule names{32, {1, 255}};
    ActiveChange out;
    out.set = in.text_list("active", names);
    if (auto add = in.text_list("add_active", names))
        out.add = std::move(*add);
    if (auto remove = in.text_list("remove_active", names))
        out.remove = std::move(*remove);
    out.swap = in.optional_bool("swap_active").value_or(false);
    if (in.problem())
        return pass(*in.problem());
    for (const std::string& name : out.add)
        for (const std::string& other : out.remove)
            if (lower_ascii(name) == lower_ascii(other))
                return fail_as(
                    "bad-request",
                    Errc::usage,
                    fmt::format("'{}' is in add_active and in remove_active", printable(name)),
                    "leave it out of one of them"
                );
    const int ways =
        (out.set ? 1 : 0) + (out.add.empty() && out.remove.empty() ? 0 : 1) + (out.swap ? 1 : 0);
    if (ways > 1)
        return fail_as(
            "bad-request",
            Errc::usage,
            "active, add_active or remove_active, and swap_active are three ways: say one",
            "for example {\"add_active\":[\"pc2.contoso.example\"]}"
        );
    return out;
}

Result<net::HttpResponse> patch_pool(Call& call) {
    if (const auto own = own_pool(call); !own)
        return pass(own.error());
    const Result<ActiveChange> wanted = read_active(call);
    if (!wanted)
        return pass(wanted.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const auto changed = change_active(call.services.changes, *asked, *wanted);
    if (!changed)
        return pass(changed.error());
    return answer(call, *changed);
}

Result<net::HttpResponse> patch_server(Call& call) {
    if (const auto own = own_pool(call); !own)
        return pass(own.error());
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    const auto draining = in.optional_bool("draining");
    const auto state = in.optional_choice("state", {"standby", "active", "draining"});
    const auto within = in.optional_int("within_seconds", {0, longest_drain.count()});
    if (in.problem())
        return pass(*in.problem());
    if (state && draining)
        return fail_as(
            "bad-request",
            Errc::usage,
            "state and draining are two ways: say one",
            "for example {\"state\":\"standby\"}"
        );
    // In the order of the words.
    constexpr std::array states{ServerState::standby, ServerState::active, ServerState::draining};
    const bool drains = draining == true || (state && states.at(*state) == ServerState::draining);
    if (within && !drains)
        return fail_as(
            "bad-request",
            Errc::usage,
            "within_seconds is the time of a server that drains",
            "leave it out, or say {\"draining\":true} too",
            "within_seconds"
        );
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    std::optional<std::chrono::seconds> time;
    if (within)
        time = std::chrono::seconds{*within};
    Changes& changes = call.services.changes;
    const std::string& server = call.path.at("server");
    const auto changed = state ? change_state(changes, *asked, server, states.at(*state), time)
                               : change_drain(changes, *asked, server, draining, time);
    if (!changed)
        return pass(changed.error());
    return answer(call, *changed);
}

Result<net::HttpResponse> delete_server(Call& call) {
    if (const auto own = own_pool(call); !own)
        return pass(own.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const auto changed = remove_server(call.services.changes, *asked, call.path.at("server"));
    if (!changed)
        return pass(changed.error());
    return answer(call, *changed);
}

}  // namespace

void add_pool_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/pools", Gate::viewer, get_pools});
    table.push_back({"GET", "/v1/pools/{pool}", Gate::viewer, get_pool});
    table.push_back({"PATCH", "/v1/pools/{pool}", Gate::deploy_admin, patch_pool});
    const std::string_view server = "/v1/pools/{pool}/servers/{server}";
    table.push_back({"GET", server, Gate::viewer, get_server});
    table.push_back({"PATCH", server, Gate::deploy_admin, patch_server});
    table.push_back({"DELETE", server, Gate::deploy_admin, delete_server});
}

}  // namespace pchat::api

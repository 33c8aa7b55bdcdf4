// SPDX-License-Identifier: Apache-2.0
#include "server/api/site.h"

#include <fmt/format.h>

#include <iterator>

namespace pchat::api {
namespace {

void add(
    std::string& out,
    std::string_view name,
    std::string_view type,
    std::string_view help,
    std::uint64_t value
) {
    fmt::format_to(
        std::back_inserter(out),
        "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n",
        name,
        help,
        type,
        value
    );
}

}  // namespace

std::string Site::metrics() const {
    std::string out;
    const auto gauge = [&](std::string_view name, std::string_view help, std::uint64_t value) {
        add(out, name, "gauge", help, value);
    };
    const auto counter = [&](std::string_view name, std::string_view help, std::uint64_t value) {
        add(out, name, "counter", help, value);
    };
    Chat& chat = services_.chat;
    HubCounts& hub = services_.hub.counts();
    gauge("pchat_sessions", "Sessions that are open.", services_.hub.sessions());
    counter("pchat_requests_total", "Requests over WebSockets.", hub.requests);
    counter("pchat_requests_refused_total", "Requests answered by an error.", hub.refused);
    counter("pchat_rate_limited_total", "Requests refused because of a rate.", hub.rate_limited);
    counter("pchat_joins_total", "Rooms joined.", hub.joins);
    counter(
        "pchat_sessions_looked_again_total",
        "Sessions that looked again at what they may.",
        hub.looked_again
    );
    counter("pchat_deliveries_total", "Frames queued for members of rooms.", hub.deliveries);
    hub.answer.write(out, "pchat_answer_seconds", "From a request to its answer.");
    hub.fan_out.write(out, "pchat_fan_out_seconds", "From a commit until a thread has queued it.");
    hub.commit.write(out, "pchat_commit_seconds", "Transactions that store messages.");

    const CommitCounts commits = chat.commit_counts();
    counter("pchat_messages_total", "Messages stored.", commits.messages);
    counter("pchat_commits_total", "Transactions that stored messages.", commits.groups);
    counter("pchat_commit_retries_total", "Transactions tried again.", commits.retries);
    counter("pchat_commit_splits_total", "Groups split to find a bad message.", commits.splits);
    counter("pchat_messages_failed_total", "Messages that could not be stored.", commits.failed);
    gauge("pchat_messages_waiting", "Messages that wait for a commit.", commits.waiting);
    gauge("pchat_database_away", "1 while the database takes nothing.", commits.database_away);

    if (health_.pool) {
        const PoolHealth pool = health_.pool();
        gauge("pchat_bus_linked", "1 while the bus of the pool is there.", pool.linked);
        counter("pchat_bus_reconnects_total", "Links to the bus after the first.", pool.reconnects);
        counter("pchat_bus_lost_total", "Messages that the bus did not take.", pool.lost);
        counter("pchat_bus_missed_total", "Thrown away: it was too slow for them.", pool.missed);
        counter("pchat_bus_not_understood_total", "Messages without sense.", pool.not_understood);
        counter("pchat_pool_entries_total", "Commits of others heard over the bus.", pool.entries);
        counter("pchat_pool_out_of_turn_total", "Those with a gap before them.", pool.out_of_turn);
        counter("pchat_pool_looks_total", "Looks at the logs of others.", pool.looks);
        gauge("pchat_pool_follows", "1 while it knows what the others do.", pool.follows);
        counter("pchat_pool_unreadable_total", "Entries that say nothing.", pool.unreadable);
        counter("pchat_presence_told_total", "Comings and goings told to others.", pool.told);
        gauge("pchat_presence_untold", "Those that wait to be told.", pool.untold);
        counter("pchat_servers_buried_total", "Gone servers put away by this one.", pool.buried);
    }
    const auto others = static_cast<std::uint64_t>(chat.elsewhere().servers().size());
    const auto elsewhere = static_cast<std::uint64_t>(chat.pool().sessions_elsewhere());
    gauge("pchat_pool_servers", "Servers of the pool that live, with this one.", others + 1);
    gauge("pchat_sessions_elsewhere", "Sessions at them, as they told last.", elsewhere);

    gauge("pchat_work_waiting", "Requests that wait for the database.", chat.workers().waiting());
    gauge("pchat_rooms_in_memory", "Rooms whose last messages are in memory.", chat.book().rooms());
    gauge("pchat_remembered_bytes", "Messages kept in memory.", chat.book().bytes());
    gauge("pchat_rooms", "Rooms that exist.", chat.directory().read([](const DirectoryState& s) {
        return s.room_count();
    }));
    if (health_.connections) {
        const net::ListenerCounts net = health_.connections();
        gauge("pchat_connections", "Connections that are open.", net.open);
        gauge("pchat_web_sockets", "WebSockets that are open.", net.open_web_sockets);
        counter("pchat_accepted_total", "Connections accepted.", net.accepted);
        counter("pchat_connections_refused_total", "Connections refused.", net.refused);
        counter("pchat_slow_consumers_total", "Closed for reading too slowly.", net.slow_consumers);
        counter("pchat_written_bytes_total", "Bytes written to sockets.", net.written_bytes);
        counter("pchat_writes_total", "System calls that wrote them.", net.writes);
    }
    return out;
}

}  // namespace pchat::api

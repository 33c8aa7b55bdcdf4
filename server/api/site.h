// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/hub.h"
#include "server/api/router.h"
#include "server/net/listener.h"
#include "server/service/workers.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace pchat::api {

/// What monitors read. The listener's counts come from outside, for there may be several.
/// How the news of the other servers of the pool comes.
struct PoolHealth {
    bool has_bus = false;  // no: by the database alone
    bool linked = false;
    bool follows = true;               // knows what the other servers do
    std::uint64_t entries = 0;         // over the bus, in their order
    std::uint64_t out_of_turn = 0;     // something before them was missing
    std::uint64_t looks = 0;           // at the logs in the database
    std::uint64_t unreadable = 0;      // entries of those that say nothing
    std::uint64_t lost = 0;            // of what was said here
    std::uint64_t missed = 0;          // of what was said elsewhere: we were too slow
    std::uint64_t not_understood = 0;  // of what the bus brought
    std::uint64_t reconnects = 0;
    std::uint64_t told = 0;    // comings and goings, to the other servers
    std::uint64_t untold = 0;  // those that wait for it
    std::uint64_t buried = 0;  // servers that this one put away
};

struct Health {
    std::atomic<bool> draining{false};
    std::atomic<bool> fenced{false};
    std::atomic<bool> database_away{false};
    /// How long it has not answered: one that hangs says nothing at all.
    std::function<std::chrono::steady_clock::duration()> database_unseen;
    std::function<net::ListenerCounts()> connections;
    std::function<PoolHealth()> pool;
};

/// Everything behind the listeners: the routes, the WebSocket, and what monitors ask.
class Site : public net::WebSite {
public:
    Site(Services services, Health& health);
    /// Answers who waits to sign in, and takes nobody more.
    void stop() { doors_.stop(); }
    /// Before the first request.
    void attach(DirectoryDuty& directory) { services_.directory = &directory; }

    void serve(net::HttpRequest request, net::HttpReply reply) override;
    std::size_t body_limit(const net::HttpRequest& head) override;
    std::variant<std::unique_ptr<net::WebSocketUser>, net::HttpResponse> upgrade(
        const net::HttpRequest& request
    ) override;

    /// The Prometheus text.
    [[nodiscard]] std::string metrics() const;

private:
    void run(const Route& route, Match match, net::HttpRequest request, net::HttpReply reply);
    Result<net::HttpResponse> call(
        const Route& route, Match& match, const net::HttpRequest& request, const std::string& id
    );
    void refused(const Call& call, const Route& route, const Error& why);
    [[nodiscard]] net::HttpResponse ready() const;
    std::string next_id();

    // Each password takes a core for some 20 milliseconds; who waits behind this many gave up.
    static constexpr std::size_t door_threads = 2;
    static constexpr std::size_t door_queue = 200;

    Services services_;
    Health& health_;
    Workers doors_{door_threads, door_queue};
    std::string run_id_;  // tells ids of this run from those of others
    std::atomic<std::uint64_t> last_id_{0};
};

}  // namespace pchat::api

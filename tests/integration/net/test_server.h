// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/net/listener.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace pchat::test {

/// Things that happened on other threads, to be waited for.
class Events {
public:
    void add(std::string event);
    /// Waits until it has happened, and takes it away; throws after ten seconds.
    void wait_for(const std::string& event);
    [[nodiscard]] std::vector<std::string> all() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> events_;
};

/// Waits until `condition` holds, looking again every millisecond; throws after ten seconds.
void wait_until(const std::function<bool()>& condition);

/// What the tests serve. Paths: /show answers what came; /hold keeps the reply; /big answers 3 MB;
/// /lost drops the reply; /evil answers with line ends in its headers. Upgrades: /echo sends back,
/// /room joins those who get `broadcast`, /paused stops reading until `resume_all`, /refuse is 403,
/// /bye closes at the text "bye".
class TestSite : public net::WebSite {
public:
    void serve(net::HttpRequest request, net::HttpReply reply) override;
    std::size_t body_limit(const net::HttpRequest& head) override;
    std::variant<std::unique_ptr<net::WebSocketUser>, net::HttpResponse> upgrade(
        const net::HttpRequest& request
    ) override;

    Events events;
    Guarded<std::vector<net::HttpReply>> held;
    /// Of one thread each; touched there only.
    std::vector<std::set<net::WebSocket*>> rooms = std::vector<std::set<net::WebSocket*>>(8);
};

/// A listener with threads of its own on a port of its own.
class TestServer {
public:
    explicit TestServer(
        const net::ConnectionLimits& limits = {},
        std::size_t threads = 2,
        std::shared_ptr<net::TlsContext> tls = {}
    );
    ~TestServer();
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return listener->port(); }
    [[nodiscard]] net::ListenerCounts counts() const { return listener->counts(); }
    /// Encoded once, sent by each thread to its own.
    void broadcast(const std::string& message);
    void resume_all();
    void for_each_socket(const std::function<void(net::WebSocket&)>& what);

    TestSite site;
    net::IoPool pool;
    std::unique_ptr<net::Listener> listener;
};

}  // namespace pchat::test

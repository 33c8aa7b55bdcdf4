// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/web_socket_client.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pchat::cli {

/// A session's way through the servers of a pool: where to go when the server it is at is lost or
/// asks it to leave. What the servers name is tried in their order, which is another one for every
/// client; whoever the user named comes after those, and whoever was just left or lost comes last.
/// For one thread.
class PoolWay {
public:
    using Json = WebSocketClient::Json;

    PoolWay(Endpoint first, Secret token);

    /// Goes from server to server until one welcomes the user; each is asked once. The last
    /// failure, or the first that another server would not mend.
    Result<std::unique_ptr<WebSocketClient>> connect();
    /// Takes over where to go from a `moved`. True when it was one.
    bool take(const Json& event);
    /// Before the next connect(): nothing after a `moved`, else longer each time while sessions are
    /// short, and never the same for two clients.
    std::chrono::milliseconds pause();

    [[nodiscard]] const Endpoint& here() const { return here_; }
    /// In the order in which they will be tried.
    [[nodiscard]] const std::vector<std::string>& servers() const { return servers_; }

private:
    /// Only where the token may go: no server makes a client give up encryption.
    void learn(const Json& message);
    [[nodiscard]] Endpoint endpoint_of(const Url& url) const;

    Endpoint first_;
    Endpoint here_;
    Secret token_;
    std::vector<std::string> servers_;
    std::chrono::milliseconds longest_;
    std::chrono::steady_clock::time_point welcomed_{};
    bool moved_ = false;
};

}  // namespace pchat::cli

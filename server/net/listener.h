// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/net/http.h"
#include "server/net/io_pool.h"
#include "server/net/web_socket.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace pchat::net {

/// What stands behind a listener. Called on the IoThread of the connection; must not block.
class WebSite {
public:
    virtual ~WebSite() = default;
    virtual void serve(HttpRequest request, HttpReply reply) = 0;
    /// The largest body that this request may bring, asked for once its head is read.
    virtual std::size_t body_limit(const HttpRequest& head) = 0;
    /// A valid upgrade to the subprotocol pchat.v1: who will use the socket, or a refusal.
    virtual std::variant<std::unique_ptr<WebSocketUser>, HttpResponse> upgrade(
        const HttpRequest& request
    ) = 0;
};

struct ConnectionLimits {
    std::size_t connections = 22'000;                // in all; beyond: answered 503 and closed
    std::size_t waiting_per_address = 256;           // connections of one address that have sent no
                                                     // whole request yet
    std::size_t head_bytes = 16 * 1024;              // request line and headers
    std::size_t message_bytes = 512 * 1024;          // one WebSocket message
    std::size_t outbound_bytes = 1024 * 1024;        // queued for one connection
    std::chrono::milliseconds request_time{10'000};  // for a whole request, and a TLS handshake
    std::chrono::milliseconds idle_time{60'000};     // between two requests
    std::chrono::milliseconds ping_interval{30'000};  // a silent WebSocket is asked, then closed
    std::chrono::milliseconds close_time{5'000};      // for the other side's close frame
    std::chrono::microseconds gather_time{1'000};     // a busy thread waits so long for more frames
    std::chrono::microseconds portion_time{1'000};    // and writes so long before it looks up
};

struct TlsFiles {
    std::string certificate;  // PEM, the chain
    std::string key;          // PEM
};

class Channel;

/// Certificates that can be exchanged while connections go on.
class TlsContext {
public:
    virtual ~TlsContext() = default;
    /// Encrypts what goes over a socket that was just accepted; empty when memory is short.
    virtual std::unique_ptr<Channel> channel(int socket) = 0;
    /// For new connections; the old ones stay in force when the files are no good.
    virtual Result<void> reload() = 0;
};
Result<std::shared_ptr<TlsContext>> load_tls(const TlsFiles& files);

struct ListenAt {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any
};

/// What a listener has seen, for /metrics.
struct ListenerCounts {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
    std::uint64_t slow_consumers = 0;
    std::uint64_t written_bytes = 0;
    std::uint64_t writes = 0;
    std::size_t open = 0;
    std::size_t open_web_sockets = 0;
};

/// Accepts connections and spreads them over the threads of the pool.
class Listener {
public:
    virtual ~Listener() = default;  // after IoPool::stop(), before the pool goes
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// Takes no new connections; those that are open stay. From any thread.
    virtual void stop_accepting() = 0;
    [[nodiscard]] virtual ListenerCounts counts() const = 0;
};

/// `tls` may be empty: plain. The site must outlive the pool's threads.
Result<std::unique_ptr<Listener>> listen(
    IoPool& pool,
    const ListenAt& at,
    std::shared_ptr<TlsContext> tls,
    const ConnectionLimits& limits,
    WebSite& site
);

}  // namespace pchat::net

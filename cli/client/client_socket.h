// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/tls_trust.h"
#include "cli/client/transport.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace pchat::cli {

using Deadline = std::chrono::steady_clock::time_point;

/// A connection to a server, with TLS where its URL says so. Every wait has a deadline.
class ClientSocket {
public:
    static Result<std::unique_ptr<ClientSocket>> connect(const Endpoint& endpoint);
    ~ClientSocket();
    ClientSocket(const ClientSocket&) = delete;
    ClientSocket& operator=(const ClientSocket&) = delete;
    ClientSocket(ClientSocket&&) = delete;
    ClientSocket& operator=(ClientSocket&&) = delete;

    /// How many bytes came; 0 when the server has closed.
    Result<std::size_t> read(char* into, std::size_t size, Deadline deadline);
    Result<void> write(std::string_view bytes, Deadline deadline);

    /// From now on another one than the endpoint had.
    void set_timeout(std::chrono::milliseconds timeout) { endpoint_.timeout = timeout; }
    [[nodiscard]] Deadline usual_deadline() const;
    /// The failure that a deadline stands for.
    [[nodiscard]] Error too_late() const;

private:
    explicit ClientSocket(Endpoint endpoint) : endpoint_(std::move(endpoint)) {}
    Result<void> open(Deadline deadline);
    Result<void> start_tls(Deadline deadline);
    /// Until the socket can do `events`; `timeout` or `interrupted` when it cannot.
    Result<void> wait(short events, Deadline deadline) const;
    /// After a call of OpenSSL that gave `result`: waits for what it wants.
    Result<void> wait_for_tls(int result, Deadline deadline);
    [[nodiscard]] tl::unexpected<Error> broken(int code) const;

    Endpoint endpoint_;
    int socket_ = -1;
    TlsSettings settings_;
    TlsConnection tls_;
};

}  // namespace pchat::cli

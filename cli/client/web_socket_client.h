// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/secret.h"
#include "cli/client/client_socket.h"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::cli {

/// A signed-in session: JSON objects in both directions.
class WebSocketClient {
public:
    using Json = nlohmann::ordered_json;

    /// Until the server has greeted: by a welcome, or by `moved` when it takes no users now.
    /// `patience`: until then, where that is less than what is usual.
    static Result<std::unique_ptr<WebSocketClient>> greet(
        const Endpoint& endpoint,
        const Secret& token,
        std::optional<std::chrono::milliseconds> patience = {}
    );

    /// The greeting.
    [[nodiscard]] const Json& welcome() const { return welcome_; }

    /// Sends a request, which gets an id, and waits for its answer; events that come before it are
    /// kept for next_event. `patience`: less than what is usual.
    Result<Json> ask(Json request, std::optional<std::chrono::milliseconds> patience = {});

    /// The next thing that the server says unasked; nothing when `patience` is over.
    Result<std::optional<Json>> next_event(std::chrono::milliseconds patience);

private:
    explicit WebSocketClient(std::unique_ptr<ClientSocket> socket) : socket_(std::move(socket)) {}
    Result<void> shake_hands(const Endpoint& endpoint, const Secret& token);
    Result<Json> receive(Deadline deadline);
    Result<std::string> bytes(std::size_t count, Deadline deadline);
    Result<std::string> rest_of_message(std::size_t count);
    Result<void> write_frame(std::uint8_t opcode, std::string_view payload);

    std::unique_ptr<ClientSocket> socket_;
    std::string buffer_;
    std::deque<Json> events_;
    Json welcome_;
    std::int64_t last_id_ = 0;
};

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace pchat::test {

/// The server closed the connection, or did not say what was waited for in time.
class ChatClosed : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One person at a WebSocket without encryption, for one thread. Waits end after twenty seconds by
/// throwing, which fails the test.
class ChatClient {
public:
    using Json = nlohmann::json;

    /// Upgrades; an empty token sends none. Throws when nobody listens.
    ChatClient(std::uint16_t port, const std::string& token);
    ~ChatClient();
    ChatClient(ChatClient&& other) noexcept;
    ChatClient(const ChatClient&) = delete;
    ChatClient& operator=(const ChatClient&) = delete;
    ChatClient& operator=(ChatClient&&) = delete;

    /// False when the connection is broken.
    bool send(const Json& request);
    bool send_text(std::string_view text);
    /// The next frame, kept ones first; none when the connection ended or the time is over.
    std::optional<Json> next(std::chrono::milliseconds limit = std::chrono::seconds{20});
    /// Sends with an id of its own and waits for the answer; what else comes is kept.
    Json ask(Json request);
    /// The answer to what was sent with that id; what else comes is kept.
    Json answer(const std::string& id);
    /// The next frame of that type; what else comes is kept.
    Json wait_for(const std::string& type);
    /// Joins, and says since when.
    Json join(const std::string& room, std::optional<std::int64_t> since = std::nullopt);
    /// The number that it got.
    std::int64_t post(const std::string& room, const std::string& key, const std::string& body);
    /// Reads to the end; the code of the close frame, 0 without one. What came is kept.
    unsigned wait_for_end();
    [[nodiscard]] std::deque<Json>& kept() { return kept_; }
    [[nodiscard]] bool is_open() const { return socket_ >= 0; }
    [[nodiscard]] int descriptor() const { return socket_; }
    /// Ends without a good-bye.
    void drop();

private:
    std::optional<Json> read_frame(std::chrono::steady_clock::time_point deadline);
    bool fill(std::chrono::steady_clock::time_point deadline);
    bool write(std::string_view bytes);

    int socket_ = -1;
    unsigned close_code_ = 0;
    std::uint64_t last_id_ = 0;
    std::string unread_;
    std::deque<Json> kept_;
};

struct HttpAnswer {
    int status = 0;
    std::string text;
    nlohmann::json body;  // discarded when it is no JSON
};
/// One request over a connection of its own; `token` and `body` may be empty.
HttpAnswer http(
    std::uint16_t port,
    const std::string& method,
    const std::string& target,
    const std::string& token = {},
    const nlohmann::json& body = nullptr
);

}  // namespace pchat::test

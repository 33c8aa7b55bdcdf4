// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/stage.h"
#include "server/net/web_socket.h"
#include "server/net/ws_reader.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pchat::net {

class Connection;

/// How long a connection that was heard at that time may be silent until it is asked whether it is
/// there. Who came together with thousands is not asked together with them again and again: the
/// last digits of the time are chance enough.
SteadyTime::duration patience(SteadyTime heard, SteadyTime::duration interval);

/// A connection after the answer 101.
class WebSocketStage : public Stage, public WebSocket, private ws::Receiver {
public:
    /// `unread` came with the request.
    WebSocketStage(Connection& connection, std::unique_ptr<WebSocketUser> user, std::string unread);
    ~WebSocketStage() override;
    WebSocketStage(const WebSocketStage&) = delete;
    WebSocketStage& operator=(const WebSocketStage&) = delete;

    void begin() override;
    [[nodiscard]] bool wants_input() const override;
    void received(std::span<char> bytes) override;
    void ended() override;
    void turn_ended() override;
    void tick(SteadyTime now) override;

    IoThread& thread() override;
    void send(const Frame& frame) override;
    void close(ws::CloseCode code, std::string_view reason) override;
    void pause() override;
    void resume() override;
    [[nodiscard]] std::size_t queued_bytes() const override;
    [[nodiscard]] std::string_view peer() const override;

private:
    void text(std::string_view message) override;
    void ping(std::string_view payload) override;
    void pong(std::string_view payload) override;
    void closed(ws::CloseCode code, std::string_view reason) override;

    void begin_close(ws::CloseCode code, std::string_view reason);
    void tell_user();
    void leave();

    Connection& connection_;
    std::unique_ptr<WebSocketUser> user_;
    ws::Reader reader_;
    std::string unread_;
    SteadyTime heard_;  // when something came last; once closing, when that began
    std::uint32_t pauses_ = 0;
    std::uint32_t pings_ = 0;  // that came since the last tick
    ws::CloseCode ended_by_ = ws::CloseCode::none;
    bool closing_ = false;  // our close frame is queued or sent
    bool user_told_ = false;
    bool asked_ = false;  // a ping of ours is out
};

}  // namespace pchat::net

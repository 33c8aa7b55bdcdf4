// SPDX-License-Identifier: Apache-2.0
#include "server/net/web_socket_stage.h"

#include "server/net/connection.h"
#include "server/net/connection_set.h"
#include "server/net/last_stage.h"

#include <utility>

namespace pchat::net {
namespace {

using std::chrono::steady_clock;

// Enough for any client that checks its link, too few to keep a thread busy with pongs.
constexpr std::uint32_t pings_per_tick = 100;

}  // namespace

steady_clock::duration patience(SteadyTime heard, steady_clock::duration interval) {
    constexpr auto shares = 1024;
    return interval - interval / 4 / shares * (heard.time_since_epoch().count() % shares);
}

WebSocketStage::WebSocketStage(
    Connection& connection, std::unique_ptr<WebSocketUser> user, std::string unread
)
    : connection_(connection), user_(std::move(user)),
      reader_(connection.set().limits().message_bytes), unread_(std::move(unread)),
      heard_(steady_clock::now()) {
    connection_.set().counters().open_web_sockets.fetch_add(1, std::memory_order_relaxed);
}

WebSocketStage::~WebSocketStage() {
    connection_.set().counters().open_web_sockets.fetch_sub(1, std::memory_order_relaxed);
}

void WebSocketStage::begin() {
    user_->opened(*this);
    std::string first = std::exchange(unread_, {});
    if (!first.empty())
        received(first);
}

bool WebSocketStage::wants_input() const {
    return pauses_ == 0;
}

void WebSocketStage::received(std::span<char> bytes) {
    if (!closing_) {
        heard_ = steady_clock::now();
        asked_ = false;
    }
    const auto broken = reader_.feed(bytes, *this);
    if (broken) {
        begin_close(*broken, "");
        leave();
    }
}

void WebSocketStage::text(std::string_view message) {
    if (!closing_)
        user_->text(message);
}

void WebSocketStage::ping(std::string_view payload) {
    if (closing_)
        return;
    if (++pings_ > pings_per_tick)
        return begin_close(ws::CloseCode::limits, "too many pings");
    send(Frame{ws::encode(ws::Opcode::pong, payload)});
}

void WebSocketStage::pong(std::string_view /*payload*/) {}

// The other side's close frame: the answer to ours, or the one that we answer.
void WebSocketStage::closed(ws::CloseCode code, std::string_view /*reason*/) {
    if (!closing_) {
        closing_ = true;
        ended_by_ = code;
        connection_.queue(Frame{
            code == ws::CloseCode::none ? ws::encode(ws::Opcode::close, "")
                                        : ws::encode_close(code, "")});
    }
    leave();
}

void WebSocketStage::leave() {
    tell_user();
    connection_.become(std::make_unique<LastStage>(connection_));
}

void WebSocketStage::ended() {
    tell_user();
    connection_.die();
}

// The user closed, or sent more than the other side takes: both are calls of the user's, inside
// which it does not expect to be called itself.
void WebSocketStage::turn_ended() {
    if (closing_)
        tell_user();
}

void WebSocketStage::tell_user() {
    if (!std::exchange(user_told_, true))
        user_->closed(ended_by_);
}

void WebSocketStage::begin_close(ws::CloseCode code, std::string_view reason) {
    if (std::exchange(closing_, true))
        return;
    ended_by_ = code;
    heard_ = steady_clock::now();
    pauses_ = 0;  // to see the other side's close frame
    connection_.queue(Frame{ws::encode_close(code, reason)});
    connection_.resume_reading();
}

void WebSocketStage::tick(SteadyTime now) {
    const ConnectionLimits& limits = connection_.set().limits();
    pings_ = 0;
    if (closing_) {
        if (now - heard_ > limits.close_time)
            ended();
        return;
    }
    user_->tick();
    if (closing_)
        return;
    if (pauses_ > 0) {  // its silence is our doing
        heard_ = now;
        return;
    }
    const auto silent = now - heard_;
    if (silent > 2 * limits.ping_interval)
        return ended();
    if (silent > patience(heard_, limits.ping_interval) && !std::exchange(asked_, true))
        send(Frame{ws::encode(ws::Opcode::ping, "")});
}

IoThread& WebSocketStage::thread() {
    return connection_.set().thread();
}

void WebSocketStage::send(const Frame& frame) {
    if (closing_)
        return;
    const std::size_t most = connection_.set().limits().outbound_bytes;
    const std::size_t size = frame.bytes().size();
    // Much in one turn is not the receiver's fault: what the kernel takes at once does not count.
    if (queued_bytes() + size > most)
        connection_.write_early();
    if (queued_bytes() + size <= most)
        return connection_.queue(frame);
    connection_.set().counters().slow_consumers.fetch_add(1, std::memory_order_relaxed);
    connection_.drop_queue();
    begin_close(ws::CloseCode::slow_consumer, "reads too slowly");
}

void WebSocketStage::close(ws::CloseCode code, std::string_view reason) {
    begin_close(code, reason);
}

void WebSocketStage::pause() {
    if (!closing_)
        ++pauses_;
}

void WebSocketStage::resume() {
    if (pauses_ > 0 && --pauses_ == 0)
        connection_.resume_reading();
}

std::size_t WebSocketStage::queued_bytes() const {
    return connection_.outbox().bytes();
}

std::string_view WebSocketStage::peer() const {
    return connection_.peer();
}

}  // namespace pchat::net

// SPDX-License-Identifier: Apache-2.0
#include "server/net/connection.h"

#include "server/net/connection_set.h"
#include "server/net/http_stage.h"

#include <utility>

namespace pchat::net {
namespace {

using State = Transfer::State;

// One connection that always has more to read must not keep the others of the thread waiting.
constexpr int reads_per_turn = 8;

}  // namespace

Connection::Connection(
    ConnectionSet& set, Descriptor socket, std::unique_ptr<Channel> channel, std::string peer
)
    : set_(set), socket_(set.thread(), std::move(socket)), channel_(std::move(channel)),
      peer_(std::move(peer)), accepted_at_(std::chrono::steady_clock::now()) {}

void Connection::begin() {
    shake_hands();
    after_event();
}

void Connection::shake_hands() {
    switch (channel_->handshake().state) {
    case State::moved:
        secured_ = true;
        stage_ = std::make_unique<HttpStage>(*this);
        stage_->begin();
        return read();
    case State::wants_read:
        return wait_to_read();
    case State::wants_write:
        return wait_to_write();
    case State::closed:
    case State::failed:
        return die();
    }
}

void Connection::ready_to_read() {
    waits_to_read_ = false;
    if (dead_)
        return;
    if (!secured_)
        shake_hands();
    else
        read();
    if (std::exchange(write_needs_read_, false) && !dead_)
        write();
    after_event();
}

void Connection::ready_to_write() {
    waits_to_write_ = false;
    if (dead_)
        return;
    if (!secured_)
        shake_hands();
    else if (std::exchange(read_needs_write_, false))
        read();
    if (secured_ && !dead_)
        write();
    after_event();
}

void Connection::read() {
    for (int i = 0; i < reads_per_turn && !dead_ && !next_ && stage_->wants_input(); ++i) {
        const auto buffer = set_.read_buffer();
        const Transfer got = channel_->read_some(buffer);
        if (got.state == State::wants_read)
            return;
        if (got.state == State::wants_write) {
            read_needs_write_ = true;
            return wait_to_write();
        }
        if (got.state != State::moved)
            return stage_->ended();
        stage_->received(buffer.first(got.bytes));
        if (got.bytes < buffer.size())
            return;
    }
}

void Connection::queue(const Frame& frame) {
    outbox_.push(frame);
    mark_dirty();
}

void Connection::mark_dirty() {
    if (std::exchange(dirty_in_, set_.flush().number()) != set_.flush().number())
        set_.flush().add(shared_from_this());
}

void Connection::end_turn() {
    if (dead_)
        return;
    stage_->turn_ended();
    write();
    after_event();
}

void Connection::write_early() {
    if (outbox_.empty() || waits_to_write_ || write_needs_read_ || broken_)
        return;
    std::size_t calls = 0;
    const Transfer moved = outbox_.write_to(*channel_, calls);
    set_.counters().add_written(moved.bytes, calls);
    if (moved.state == State::wants_write) {
        wait_to_write();
    } else if (moved.state == State::wants_read) {
        write_needs_read_ = true;
        wait_to_read();
    } else if (moved.state != State::moved) {
        broken_ = true;
        mark_dirty();
    }
}

void Connection::write() {
    const bool had_something = !outbox_.empty();
    write_early();
    if (broken_)
        stage_->ended();
    else if (had_something && outbox_.empty())
        stage_->written();
}

// A stage is exchanged, and freed, only when no call of its own is under way.
void Connection::after_event() {
    while (next_ && !dead_) {
        stage_ = std::exchange(next_, nullptr);
        stage_->begin();
    }
    if (dead_) {
        next_.reset();
        stage_.reset();
    } else if (secured_) {
        resume_reading();
    }
}

void Connection::resume_reading() {
    if (!read_needs_write_ && stage_->wants_input())
        wait_to_read();
}

void Connection::wait_to_read() {
    if (!std::exchange(waits_to_read_, true))
        socket_.wait_to_read(shared_from_this());
}

void Connection::wait_to_write() {
    if (!std::exchange(waits_to_write_, true))
        socket_.wait_to_write(shared_from_this());
}

void Connection::tick(SteadyTime now) {
    if (secured_)
        stage_->tick(now);
    else if (now - accepted_at_ > set_.limits().request_time)
        die();
    after_event();
}

void Connection::answer(HttpResponse response) {
    if (dead_)
        return;
    stage_->answered(std::move(response));
    after_event();
}

void Connection::proved_itself() {
    if (!std::exchange(proved_itself_, true))
        set_.doorkeeper().proved_itself(peer_);
}

void Connection::die() {
    if (std::exchange(dead_, true))
        return;
    socket_.close();
    leave();
    set_.remove(*this);
}

void Connection::leave() {
    set_.doorkeeper().left(
        peer_, proved_itself_ ? Doorkeeper::Was::known : Doorkeeper::Was::waiting
    );
}

void Connection::abandon() {
    dead_ = true;
    next_.reset();
    stage_.reset();
    socket_.close();
    leave();
}

}  // namespace pchat::net

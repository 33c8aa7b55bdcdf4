// SPDX-License-Identifier: Apache-2.0
#include "server/net/acceptor.h"

#include "base/log.h"
#include "server/net/http_text.h"

#include <sys/socket.h>

#include <array>
#include <cstring>
#include <ctime>
#include <string>
#include <utility>

namespace pchat::net {
namespace {

constexpr int accepted_per_turn = 64;
constexpr std::chrono::milliseconds rest_time{200};

// Says why, as far as the socket takes it at once: who is not let in must not cost anything.
void turn_away(const Descriptor& socket) {
    const HttpResponse response = http_error(
        503, "server-full", "this server has no room for more connections", "try another server"
    );
    const std::string text = encode_head(response, {false, std::time(nullptr)}) + response.body;
    // What has come is taken first: closing over unread bytes would reset the connection, and the
    // answer with it.
    std::array<char, 4096> unread;
    ::recv(socket.number(), unread.data(), unread.size(), 0);
    ::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL);
    ::shutdown(socket.number(), SHUT_WR);
}

}  // namespace

Acceptor::Acceptor(
    IoThread& thread,
    Descriptor listening,
    Doorkeeper& doorkeeper,
    const std::vector<std::unique_ptr<ConnectionSet>>& sets
)
    : thread_(thread), listening_(thread, std::move(listening)), doorkeeper_(doorkeeper),
      sets_(sets) {}

void Acceptor::start() {
    thread_.post([self = shared_from_this()] { self->wait(); });
}

void Acceptor::wait() {
    if (!stopped_)
        listening_.wait_to_read(shared_from_this());
}

void Acceptor::stop() {
    stopped_ = true;
    listening_.close();
}

void Acceptor::ready_to_read() {
    for (int i = 0; i < accepted_per_turn && !stopped_; ++i) {
        auto accepted = accept_one(listening_.number());
        if (accepted) {
            out_of_room_ = false;
            take(std::move(*accepted));
            continue;
        }
        if (accepted.error().why == NothingAccepted::Why::queue_empty)
            break;
        if (accepted.error().why == NothingAccepted::Why::no_room)
            return rest(accepted.error().error);
    }
    wait();
}

void Acceptor::take(Accepted accepted) {
    const auto verdict = doorkeeper_.admit(accepted.peer);
    if (verdict == Doorkeeper::Verdict::welcome) {
        sets_[next_]->adopt(std::move(accepted.socket), std::move(accepted.peer));
        next_ = (next_ + 1) % sets_.size();
    } else if (!sets_[next_]->secure()) {
        turn_away(accepted.socket);
    }
}

// The connections wait in the kernel, which would wake us again at once.
void Acceptor::rest(int error) {
    if (!std::exchange(out_of_room_, true))
        log::warning(
            "no new connections for the moment: {}; raise LimitNOFILE or lower the limit of "
            "connections",
            std::strerror(error)
        );
    thread_.after(rest_time, [self = shared_from_this()] { self->wait(); });
}

}  // namespace pchat::net

// SPDX-License-Identifier: Apache-2.0
#include "server/net/channel.h"

#include <sys/socket.h>

#include <cerrno>

namespace pchat::net {
namespace {

using State = Transfer::State;

class PlainChannel : public Channel {
public:
    explicit PlainChannel(int socket) : socket_(socket) {}

    Transfer handshake() override { return {State::moved}; }

    Transfer read_some(std::span<char> into) override {
        const ssize_t got = ::recv(socket_, into.data(), into.size(), 0);
        if (got == 0)
            return {State::closed};
        return outcome(got, State::wants_read);
    }

    Transfer write_gathered(std::span<const iovec> pieces) override {
        if (pieces.size() == 1)  // less for the kernel to copy
            return outcome(
                ::send(socket_, pieces[0].iov_base, pieces[0].iov_len, MSG_NOSIGNAL),
                State::wants_write
            );
        msghdr message{};
        message.msg_iov = const_cast<iovec*>(pieces.data());  // which sendmsg only reads
        message.msg_iovlen = pieces.size();
        return outcome(::sendmsg(socket_, &message, MSG_NOSIGNAL), State::wants_write);
    }

    [[nodiscard]] std::size_t committed() const override { return 0; }

    void end_writing() override { ::shutdown(socket_, SHUT_WR); }

private:
    static Transfer outcome(ssize_t moved, State when_busy) {
        if (moved >= 0)
            return {State::moved, static_cast<std::size_t>(moved)};
        return {errno == EAGAIN || errno == EINTR ? when_busy : State::failed};
    }

    int socket_;
};

}  // namespace

std::unique_ptr<Channel> plain_channel(int socket) {
    return std::make_unique<PlainChannel>(socket);
}

}  // namespace pchat::net

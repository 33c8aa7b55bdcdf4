// SPDX-License-Identifier: Apache-2.0
#include "server/net/tls_channel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace pchat::net {
namespace {

using State = Transfer::State;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

constexpr std::size_t longest_record = 16 * 1024;  // RFC 8446, 5.1

class TlsChannel : public Channel {
public:
    TlsChannel(Session session, int socket) : session_(std::move(session)), socket_(socket) {}

    Transfer handshake() override {
        ERR_clear_error();
        return outcome(SSL_accept(session_.get()), 0);
    }

    // A call gives one record at most. The caller's buffer holds a whole one, so none of it stays
    // behind in OpenSSL, where no wait for the socket would find it.
    Transfer read_some(std::span<char> into) override {
        ERR_clear_error();
        std::size_t got = 0;
        const int result = SSL_read_ex(session_.get(), into.data(), into.size(), &got);
        return outcome(result, got);
    }

    // Gathered by copying into one record: a record per frame would cost 22 bytes and a system
    // call each.
    Transfer write_gathered(std::span<const iovec> pieces) override {
        thread_local std::array<char, longest_record> record;
        std::size_t filled = 0;
        for (const iovec& piece : pieces) {
            const std::size_t length = std::min(piece.iov_len, record.size() - filled);
            std::copy_n(static_cast<const char*>(piece.iov_base), length, record.data() + filled);
            filled += length;
        }
        ERR_clear_error();
        std::size_t written = 0;
        const int result = SSL_write_ex(session_.get(), record.data(), filled, &written);
        const Transfer transfer = outcome(result, written);
        committed_ = transfer.state == State::moved ? 0 : filled;
        return transfer;
    }

    [[nodiscard]] std::size_t committed() const override { return committed_; }

    void end_writing() override {
        ERR_clear_error();
        if (SSL_is_init_finished(session_.get()) == 1)
            SSL_shutdown(session_.get());
        ::shutdown(socket_, SHUT_WR);
    }

private:
    Transfer outcome(int result, std::size_t moved) {
        if (result > 0)
            return {State::moved, moved};
        switch (SSL_get_error(session_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return {State::wants_read};
        case SSL_ERROR_WANT_WRITE:
            return {State::wants_write};
        case SSL_ERROR_ZERO_RETURN:
            return {State::closed};
        default:
            // After a fatal error the session must not be asked to say good-bye.
            SSL_set_quiet_shutdown(session_.get(), 1);
            return {State::failed};
        }
    }

    Session session_;
    int socket_;
    std::size_t committed_ = 0;
};

}  // namespace

std::unique_ptr<Channel> tls_channel(ssl_ctx_st* settings, int socket) {
    Session session{SSL_new(settings), &SSL_free};
    if (!session || SSL_set_fd(session.get(), socket) != 1)
        return nullptr;
    return std::make_unique<TlsChannel>(std::move(session), socket);
}

}  // namespace pchat::net

// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/ssh_channel.h"

#include <fmt/format.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>

namespace pchat::cli {
namespace {

constexpr std::size_t largest_piece = 65'536;
constexpr int unknown_signal = 127;
constexpr std::string_view not_allowed = "error (1)";  // RFC 4254, 5.1, as libssh puts it

/// RFC 4254, 6.10.
int signal_number(std::string_view name) {
    struct Signal {
        std::string_view name;
        int number;
    };
    constexpr std::array all{
        Signal{"ABRT", SIGABRT},
        Signal{"ALRM", SIGALRM},
        Signal{"FPE", SIGFPE},
        Signal{"HUP", SIGHUP},
        Signal{"ILL", SIGILL},
        Signal{"INT", SIGINT},
        Signal{"KILL", SIGKILL},
        Signal{"PIPE", SIGPIPE},
        Signal{"QUIT", SIGQUIT},
        Signal{"SEGV", SIGSEGV},
        Signal{"TERM", SIGTERM},
        Signal{"USR1", SIGUSR1},
        Signal{"USR2", SIGUSR2}};
    const auto* found =
        std::find_if(all.begin(), all.end(), [&](const Signal& one) { return one.name == name; });
    return found == all.end() ? unknown_signal : found->number;
}

}  // namespace

/// libssh tells of signals by callback only, and says -1 for the exit status then.
struct SshChannel::Ending {
    ssh_channel_callbacks_struct callbacks{};
    std::optional<int> status;

    Ending() {
        ssh_callbacks_init(&callbacks);
        callbacks.userdata = this;
        callbacks.channel_exit_status_function = [](ssh_session, ssh_channel, int code, void* me) {
            static_cast<Ending*>(me)->status = code;
        };
        callbacks.channel_exit_signal_function =
            [](ssh_session, ssh_channel, const char* name, int, const char*, const char*, void* me
            ) { static_cast<Ending*>(me)->status = 128 + signal_number(name); };
    }
};

SshChannel::SshChannel(SshSession& session)
    : session_(session), raw_(ssh_channel_new(session.raw())), ending_(std::make_unique<Ending>()) {
    if (raw_ != nullptr)
        ssh_set_channel_callbacks(raw_, &ending_->callbacks);
}

SshChannel::~SshChannel() {
    if (raw_ == nullptr)
        return;
    // libssh keeps the channel until the other side has closed it, too.
    ssh_remove_channel_callbacks(raw_, &ending_->callbacks);
    ssh_channel_free(raw_);
}

template <class Step>
Result<void> SshChannel::repeat(Deadline deadline, std::string_view what, Step step) {
    for (;;) {
        const int rc = raw_ == nullptr ? SSH_ERROR : step();
        if (rc == SSH_OK)
            return {};
        if (!session_.is_connected())
            return session_.lost();
        if (rc != SSH_AGAIN)
            return fail(
                Errc::unreachable,
                fmt::format("{}: {}: {}", session_.place(), what, session_.libssh_text()),
                "see the log of the machine's SSH server"
            );
        if (SshSession::Clock::now() >= deadline)
            return fail(
                Errc::timeout,
                fmt::format("{}: {}: no answer in time", session_.place(), what),
                "is the machine overloaded?"
            );
        if (Result<void> ready = session_.wait(deadline); !ready)
            return ready;
    }
}

Result<void> SshChannel::open(Deadline deadline) {
    return repeat(deadline, "no session is opened", [&] { return ssh_channel_open_session(raw_); });
}

Result<std::unique_ptr<SshChannel>> SshChannel::exec(
    SshSession& session, const std::string& command, Deadline deadline
) {
    std::unique_ptr<SshChannel> out{new SshChannel{session}};
    if (Result<void> opened = out->open(deadline); !opened)
        return pass(std::move(opened).error());
    const Result<void> begun = out->repeat(deadline, "it runs no commands", [&] {
        return ssh_channel_request_exec(out->raw_, command.c_str());
    });
    if (!begun)
        return pass(begun.error());
    return out;
}

Result<std::unique_ptr<SshChannel>> SshChannel::sftp(SshSession& session, Deadline deadline) {
    std::unique_ptr<SshChannel> out{new SshChannel{session}};
    if (Result<void> opened = out->open(deadline); !opened)
        return pass(std::move(opened).error());
    const Result<void> begun = out->repeat(deadline, "it takes no files (SFTP)", [&] {
        return ssh_channel_request_subsystem(out->raw_, "sftp");
    });
    if (!begun)
        return pass(begun.error());
    return out;
}

Result<std::unique_ptr<SshChannel>> SshChannel::forward(
    SshSession& session, const SshPoint& to, Deadline deadline
) {
    std::unique_ptr<SshChannel> out{new SshChannel{session}};
    const Result<void> opened =
        out->repeat(deadline, fmt::format("it does not lead on to {}", to.place()), [&] {
            return ssh_channel_open_forward(out->raw_, to.host.c_str(), to.port, "localhost", 0);
        });
    if (opened)
        return out;
    if (session.is_connected() && session.libssh_text().find(not_allowed) != std::string::npos)
        return fail(
            Errc::denied,
            fmt::format("{}: it may not lead on to {}", session.place(), to.place()),
            "allow it there: AllowTcpForwarding and PermitOpen in sshd_config"
        );
    return pass(opened.error());
}

Result<std::size_t> SshChannel::read(Stream stream, char* into, std::size_t size) {
    const int got = ssh_channel_read_nonblocking(
        raw_, into, static_cast<std::uint32_t>(size), stream == Stream::err ? 1 : 0
    );
    if (got >= 0)
        return static_cast<std::size_t>(got);
    if (got == SSH_EOF || session_.is_connected())
        return std::size_t{0};
    return session_.lost();
}

Result<std::size_t> SshChannel::write(std::string_view bytes) {
    // Never more than the other side lets us: libssh would wait for it.
    const std::size_t room = session_.is_sending() ? 0 : ssh_channel_window_size(raw_);
    const std::size_t size = std::min({room, bytes.size(), largest_piece});
    if (size == 0 || ssh_channel_is_closed(raw_) != 0)
        return std::size_t{0};
    const int put = ssh_channel_write(raw_, bytes.data(), static_cast<std::uint32_t>(size));
    if (put >= 0)
        return static_cast<std::size_t>(put);
    if (!session_.is_connected())
        return session_.lost();
    return std::size_t{0};  // who was to read it has ended
}

Result<void> SshChannel::send_eof() {
    if (ssh_channel_is_closed(raw_) == 0 && ssh_channel_send_eof(raw_) != SSH_OK &&
        !session_.is_connected())
        return session_.lost();
    return {};
}

bool SshChannel::at_eof() const {
    return ssh_channel_is_eof(raw_) != 0 || ssh_channel_is_closed(raw_) != 0;
}

bool SshChannel::at_end() {
    if (!at_eof())
        return false;
    // After the end of the output libssh looks for the ending in no other call.
    ssh_channel_get_exit_status(raw_);
    return ending_->status.has_value() || ssh_channel_is_closed(raw_) != 0;
}

std::optional<int> SshChannel::status() const {
    return ending_->status;
}

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/ssh_link.h"

#include "cli/ssh/dial.h"
#include "cli/ssh/ssh_command.h"
#include "cli/ssh/ssh_jump.h"
#include "cli/ssh/ssh_session.h"
#include "cli/ssh/ssh_upload.h"

#include <fmt/format.h>

#include <utility>

namespace pchat::cli {
namespace {

constexpr int not_found_status = 127;  // of a shell

class SshLink : public MachineLink {
public:
    SshLink(std::unique_ptr<SshJump> jump, std::unique_ptr<SshSession> session, RootBy by)
        : jump_(std::move(jump)), session_(std::move(session)), by_(by) {}

    Result<Ran> run(
        const std::string& script,
        const std::vector<std::string>& words,
        std::string_view input,
        std::chrono::seconds limit
    ) override {
        const Result<RootCommand> command = root_command(by_, script, words, input);
        if (!command)
            return pass(command.error());
        return run_command(*session_, command->line, command->input, limit);
    }

    Result<void> upload(const std::string& local, const std::string& remote, const UploadSeen& seen)
        override {
        return upload_file(*session_, local, remote, seen);
    }

    [[nodiscard]] const std::string& user() const override { return session_->point().user; }

private:
    std::unique_ptr<SshJump> jump_;  // ends after the session that goes through it
    std::unique_ptr<SshSession> session_;
    RootBy by_;
};

/// A session for the jump host, and beyond it a socket that leads to the machine.
Result<std::unique_ptr<SshJump>> jump_over(const SshWish& wish, const HostKeyAsker& asker) {
    const Result<int> socket = dial(*wish.jump, wish.patience);
    if (!socket)
        return pass(socket.error(), "jump host");
    auto session = SshSession::open(wish, SshRoute{*wish.jump, wish.jump->place(), *socket}, asker);
    if (!session)
        return pass(std::move(session).error(), "jump host");
    auto jump = SshJump::open(std::move(*session), wish.machine, wish.patience);
    if (!jump)
        return pass(std::move(jump).error(), "jump host");
    return jump;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

Result<Ran> try_as_root(SshSession& session, RootBy by, std::chrono::seconds patience) {
    const Result<RootCommand> command = root_command(by, "true", {}, {});
    if (!command)
        return pass(command.error());
    return run_command(session, command->line, command->input, patience);
}

/// The way that works there.
Result<RootBy> find_sudo(SshSession& session, std::chrono::seconds patience) {
    Result<Ran> ran = try_as_root(session, RootBy::sudo, patience);
    if (!ran)
        return pass(std::move(ran).error());
    if (ran->status == 0)
        return RootBy::sudo;
    // Only where it is a terminal that is missing: each refusal is written down there.
    if (ran->err.find("tty") != std::string::npos) {
        const Result<Ran> again = try_as_root(session, RootBy::sudo_with_terminal, patience);
        if (!again)
            return pass(again.error());
        if (again->status == 0)
            return RootBy::sudo_with_terminal;
        if (!again->err.empty())
            ran = again;
    }
    const std::string& user = session.point().user;
    const std::string hint = fmt::format(
        "write '{} ALL=(root) NOPASSWD: ALL' into /etc/sudoers.d/pchat there, or sign in as root",
        user
    );
    if (ran->status == not_found_status)
        return fail(
            Errc::denied,
            fmt::format("{}: there is no sudo, and {} is not root", session.place(), user),
            "install sudo on the machine, or sign in as root"
        );
    const std::string said = first_line(ran->err);
    return fail(
        Errc::denied,
        fmt::format(
            "{}: sudo asks {} for a password or refuses{}{}",
            session.place(),
            user,
            said.empty() ? "" : ": ",
            said
        ),
        hint
    );
}

Result<std::unique_ptr<MachineLink>> connect_once(const SshWish& wish, const HostKeyAsker& asker) {
    if (wish.home.empty())
        return fail(Errc::usage, "nobody knows where the home directory is", "set HOME");
    if (Result<void> good = check_ssh_point(wish.machine); !good)
        return pass(std::move(good).error());
    std::unique_ptr<SshJump> jump;
    SshRoute route{wish.machine, wish.machine.place(), -1};
    if (wish.jump) {
        if (Result<void> good = check_ssh_point(*wish.jump); !good)
            return pass(std::move(good).error(), "jump host");
        auto opened = jump_over(wish, asker);
        if (!opened)
            return pass(std::move(opened).error());
        jump = std::move(*opened);
        route.place += " through " + wish.jump->place();
        route.socket = jump->take_socket();
    } else {
        const Result<int> socket = dial(wish.machine, wish.patience);
        if (!socket)
            return pass(socket.error());
        route.socket = *socket;
    }
    auto session = SshSession::open(wish, std::move(route), asker);
    if (!session)
        return pass(std::move(session).error());
    const Result<RootBy> by =
        wish.machine.user == "root" ? RootBy::sign_in : find_sudo(**session, wish.patience);
    if (!by)
        return pass(by.error());
    return std::make_unique<SshLink>(std::move(jump), std::move(*session), *by);
}

}  // namespace

Result<std::unique_ptr<MachineLink>> connect_ssh(const SshWish& wish, const HostKeyAsker& asker) {
    for (int questions = 2;; --questions) {  // at most: a jump host's and the machine's
        bool trusted = false;
        const HostKeyAsker noting = [&](const HostKeyQuestion& question) {
            const bool yes = asker && asker(question);
            trusted = trusted || yes;
            return yes;
        };
        Result<std::unique_ptr<MachineLink>> out = connect_once(wish, noting);
        // Machines do not wait long for who has not signed in: one may have hung up while somebody
        // compared its key. It is not asked for again.
        if (out || !trusted || questions == 0 || out.error().code != Errc::unreachable)
            return out;
    }
}

}  // namespace pchat::cli

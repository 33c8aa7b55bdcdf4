// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/ssh_command.h"

#include "cli/ssh/ssh_channel.h"

#include <fmt/format.h>

#include <memory>

namespace pchat::cli {
namespace {

using Stream = SshChannel::Stream;

constexpr std::size_t most_output = 4UL << 20;
constexpr std::size_t longest_command = (128UL << 10) - 1;  // MAX_ARG_STRLEN of Linux

// A script of which a part is missing is not begun.
constexpr std::string_view end_of_script = "#end";

std::string shell_line(std::string_view script) {
    return "/bin/sh -c " + shell_word(script);
}

/// With a terminal that nobody reads or writes: what goes in and out is left as it is.
std::string beside_a_terminal(std::string_view line) {
    const std::string inner = fmt::format("{} <&3 >&4 2>&5 3<&- 4>&- 5>&-", line);
    return shell_line(fmt::format(
        "exec 3<&0 4>&1 5>&2; SHELL=/bin/sh exec script -qec {} /dev/null </dev/null >/dev/null "
        "2>&1",
        shell_word(inner)
    ));
}

/// A command while it runs.
class Running {
public:
    Running(SshSession& session, SshChannel& channel, std::string_view input)
        : session_(session), channel_(channel), input_(input), chunk_(chunk_size, '\0') {}

    /// Moves what can be moved; whether there was anything.
    Result<bool> turn() {
        bool moved = false;
        for (const Stream stream : {Stream::out, Stream::err}) {
            const Result<bool> got = gather(stream);
            if (!got)
                return pass(got.error());
            moved = moved || *got;
        }
        const Result<bool> put = feed();
        if (!put)
            return pass(put.error());
        return moved || *put;
    }

    Ran take(int status) {
        out_.status = status;
        return std::move(out_);
    }

private:
    static constexpr std::size_t chunk_size = 65'536;

    Result<bool> gather(Stream stream) {
        std::string& text = stream == Stream::out ? out_.out : out_.err;
        const Result<std::size_t> got = channel_.read(stream, chunk_.data(), chunk_.size());
        if (!got)
            return pass(got.error());
        text.append(chunk_, 0, *got);
        if (text.size() > most_output)
            return fail(
                Errc::too_large, fmt::format("{}: a command says more than 4 MiB", session_.place())
            );
        return *got > 0;
    }

    Result<bool> feed() {
        if (fed_)
            return false;
        if (!input_.empty()) {
            const Result<std::size_t> put = channel_.write(input_);
            if (!put)
                return pass(put.error());
            input_.remove_prefix(*put);
            return *put > 0;
        }
        fed_ = true;
        if (Result<void> sent = channel_.send_eof(); !sent)
            return pass(std::move(sent).error());
        return true;
    }

    SshSession& session_;
    SshChannel& channel_;
    std::string_view input_;
    std::string chunk_;
    Ran out_;
    bool fed_ = false;
};

}  // namespace

std::string shell_word(std::string_view text) {
    std::string out = "'";
    for (const char letter : text)
        if (letter == '\'')
            out += R"('\'')";
        else
            out += letter;
    return out + "'";
}

Result<RootCommand> root_command(
    RootBy by,
    const std::string& script,
    const std::vector<std::string>& words,
    std::string_view input
) {
    RootCommand out;
    out.input = fmt::format("{}\n{}", script, end_of_script);
    out.line = shell_line(fmt::format(
        R"(program=$(head -c {}); case $program in *"{}") eval "$program" ;; *) exit 255 ;; esac)",
        out.input.size(),
        end_of_script
    ));
    out.line += " pchat-node";
    for (const std::string& word : words)
        out.line += " " + shell_word(word);
    if (by != RootBy::sign_in)
        out.line = "sudo -n -- " + out.line;
    if (by == RootBy::sudo_with_terminal)
        out.line = beside_a_terminal(out.line);
    if ((out.line + script).find('\0') != std::string::npos)
        return fail(Errc::internal, "a command for a machine holds a zero byte");
    if (out.line.size() > longest_command)
        return fail(
            Errc::too_large,
            fmt::format("a command of {} bytes is too long for a machine", out.line.size()),
            "hand it over as input"
        );
    out.input += input;
    return out;
}

Result<Ran> run_command(
    SshSession& session,
    const std::string& command,
    std::string_view input,
    std::chrono::milliseconds limit
) {
    const auto deadline = SshSession::Clock::now() + limit;
    const Result<std::unique_ptr<SshChannel>> channel =
        SshChannel::exec(session, command, deadline);
    if (!channel)
        return pass(channel.error());
    Running running{session, **channel, input};
    for (;;) {
        const Result<bool> moved = running.turn();
        if (!moved)
            return pass(moved.error());
        if ((*channel)->at_end())
            break;
        if (SshSession::Clock::now() >= deadline)
            return fail(
                Errc::timeout,
                fmt::format(
                    "{}: a command has not ended within {:g} s",
                    session.place(),
                    std::chrono::duration<double>(limit).count()
                ),
                "is the machine overloaded?"
            );
        if (*moved)
            continue;
        if (Result<void> ready = session.wait(deadline); !ready)
            return pass(std::move(ready).error());
    }
    if (const std::optional<int> status = (*channel)->status())
        return running.take(*status);
    if (!session.is_connected())
        return session.lost();
    return fail(
        Errc::unreachable,
        fmt::format("{}: a command ended, and nobody says how", session.place()),
        "see the log of the machine's SSH server"
    );
}

}  // namespace pchat::cli

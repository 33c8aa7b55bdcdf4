// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/upload_refusal.h"

#include "cli/ssh/ssh_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <system_error>

namespace pchat::cli {
namespace {

constexpr std::chrono::seconds longest_look{10};

// "directory", or how many KiB are free where the file should be.
constexpr const char* look_script = R"sh(
if [ -d "$1" ]; then
    echo directory
else
    df -k --output=avail "$(dirname "$1")" | tail -n 1
fi
)sh";

std::string look_at(SshSession& session, const std::string& remote) {
    const std::string command = fmt::format(
        "LC_ALL=C /bin/sh -c {} pchat-node {}", shell_word(look_script), shell_word(remote)
    );
    const Result<Ran> ran = run_command(session, command, {}, longest_look);
    return ran ? ran->out : "";
}

std::optional<std::uint64_t> free_bytes(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::uint64_t out = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), out).ec != std::errc{})
        return std::nullopt;
    return out * 1024;
}

}  // namespace

tl::unexpected<Error> explain_refusal(
    SshSession& session, const std::string& remote, const sftp::Reply& reply, std::uint64_t missing
) {
    const std::string where = fmt::format("{}: cannot write {}", session.place(), remote);
    if (reply.status == sftp::Status::no_such_file)
        return fail(Errc::not_found, where + ": the directory is not there");
    if (reply.status == sftp::Status::denied)
        return fail(Errc::denied, fmt::format("{}: {} may not", where, session.point().user));
    const std::string look = look_at(session, remote);
    if (look.starts_with("directory"))
        return fail(Errc::conflict, where + ": a directory is in the way");
    const std::optional<std::uint64_t> free = free_bytes(look);
    if (free && *free < missing)
        return fail(
            Errc::io,
            fmt::format("{}: the disk is full: {} bytes more, {} free", where, missing, *free),
            "make room on the machine, then run the command again"
        );
    return fail(
        Errc::io,
        fmt::format("{}: {}", where, reply.text.empty() ? "no reason given" : reply.text),
        "see the machine's log: journalctl --dmesg"
    );
}

}  // namespace pchat::cli

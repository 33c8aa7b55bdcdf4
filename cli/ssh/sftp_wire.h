// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::cli::sftp {

// Messages of SFTP, version 3 (draft-ietf-secsh-filexfer-02): what writing one file takes. libssh's
// own client waits for an answer to each block, which costs a round trip per 64 KiB.

/// What a server answers to most requests.
enum class Status : std::uint32_t {
    ok = 0,
    no_such_file = 2,
    denied = 3,
    failure = 4,  // anything else: a full disk, a directory in the way
};

std::string hello();
std::string open_for_writing(std::uint32_t id, std::string_view path, std::uint32_t mode);
std::string set_mode(std::uint32_t id, std::string_view handle, std::uint32_t mode);
/// What stands before the bytes of a block.
std::string write_head(
    std::uint32_t id, std::string_view handle, std::uint64_t offset, std::size_t size
);
std::string sync(std::uint32_t id, std::string_view handle);
std::string close(std::uint32_t id, std::string_view handle);
std::string remove(std::uint32_t id, std::string_view path);

struct Reply {
    enum class Kind : std::uint8_t { version, status, handle, other };
    Kind kind = Kind::other;
    std::uint32_t id = 0;  // of the request; a version has none
    Status status = Status::ok;
    std::string text;       // of a status: the server's own words; of a handle: itself
    bool can_sync = false;  // of a version: it knows `sync`
};

/// Takes one whole message from the beginning of `bytes`; nothing when there is none yet.
/// `broken` is set when these are no messages of SFTP.
std::optional<Reply> take_reply(std::string& bytes, bool& broken);

}  // namespace pchat::cli::sftp

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// What a command on a machine said. Its exit status is 128 and the signal when one ended it.
struct Ran {
    int status = 0;
    std::string out;
    std::string err;
};

/// What is uploaded, and how far it has got; false ends the upload.
using UploadSeen = std::function<bool(std::uint64_t sent, std::uint64_t all)>;

/// The way to one machine. Used by one thread at a time; ends with its object. A machine that does
/// not answer, or whose link is cut, is Errc::unreachable within a bound, never a wait without end.
class MachineLink {
public:
    MachineLink() = default;
    MachineLink(const MachineLink&) = delete;
    MachineLink& operator=(const MachineLink&) = delete;
    virtual ~MachineLink() = default;

    /// Runs `script` with /bin/sh as root, whoever signed in: `sh -c script pchat-node words...`.
    /// Neither holds secrets, since everybody on the machine may see them; `input` is what it reads
    /// and may hold some. A status other than 0 is an answer, not a failure. Fails with
    /// Errc::timeout after `limit`.
    virtual Result<Ran> run(
        const std::string& script,
        const std::vector<std::string>& words,
        std::string_view input,
        std::chrono::seconds limit
    ) = 0;

    /// Copies a local file to `remote`, which whoever signed in may write; replaces what is there.
    virtual Result<void> upload(
        const std::string& local, const std::string& remote, const UploadSeen& seen
    ) = 0;

    /// Who signed in ("root", "ann").
    [[nodiscard]] virtual const std::string& user() const = 0;
};

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/preflight.h"

// The checks one by one; preflight.cpp has their names.
namespace pchat::cli {

/// What one check says.
struct Outcome {
    Outcome(Verdict how, std::string what, std::string way_out = {})
        : verdict(how), message(std::move(what)), hint(std::move(way_out)) {}

    Verdict verdict;
    std::string message;
    std::string hint;
};

/// Bad with that hint unless it holds.
inline Outcome required(bool good, std::string message, std::string hint) {
    return good ? Outcome{Verdict::good, std::move(message)}
                : Outcome{Verdict::bad, std::move(message), std::move(hint)};
}

/// The number of user and group pchat, the same on all nodes: they share a file store.
inline constexpr std::int64_t account_id = 842;

Outcome check_os(const Preflight& with, const Asked& asked);
Outcome check_architecture(const Preflight& with, const Asked& asked);
Outcome check_glibc(const Preflight& with, const Asked& asked);
Outcome check_supervisor(const Preflight& with, const Asked& asked);
Outcome check_account(const Preflight& with, const Asked& asked);
Outcome check_disk(const Preflight& with, const Asked& asked);
Outcome check_memory(const Preflight& with, const Asked& asked);
Outcome check_open_files(const Preflight& with, const Asked& asked);
Outcome check_ports(const Preflight& with, const Asked& asked);
Outcome check_clock(const Preflight& with, const Asked& asked);
Outcome check_names(const Preflight& with, const Asked& asked);
Outcome check_certificate(const Preflight& with, const Asked& asked);
Outcome check_database(const Preflight& with, const Asked& asked);
Outcome check_driver(const Preflight& with, const Asked& asked);
Outcome check_file_store(const Preflight& with, const Asked& asked);
Outcome check_release(const Preflight& with, const Asked& asked);

}  // namespace pchat::cli

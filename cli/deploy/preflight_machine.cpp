// SPDX-License-Identifier: Apache-2.0
// What a machine must be and have by itself.
#include "cli/deploy/node_layout.h"
#include "cli/deploy/preflight_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr std::int64_t unpacked_times = 4;  // what a bundle needs, packed and unpacked
constexpr std::int64_t least_data = 512 * mebibyte;
constexpr std::int64_t least_memory = 256 * mebibyte;
constexpr std::int64_t memory_of_session = 32 * 1024;
constexpr std::int64_t most_shown = 1'000'000'000;  // beyond it a limit is none
constexpr double most_ahead = 5;                    // seconds: tokens and messages bear times
constexpr double notable_ahead = 1;

std::string size_text(std::int64_t bytes) {
    return fmt::format("{} MiB", bytes / mebibyte);
}

bool has_release(const Preflight& with, const Asked& asked) {
    const auto& there = asked.found.releases;
    return std::find(there.begin(), there.end(), with.bundle.release) != there.end();
}

/// Taken by our own services: they are replaced.
bool is_ours(const NodeFound& found, const FoundPort& port) {
    return port.user == account_id ||
           ((port.program == "pchatd" || port.program == "nats-server") &&
            std::any_of(found.units.begin(), found.units.end(), [](const FoundUnit& unit) {
                return unit.state == "active";
            }));
}

}  // namespace

Outcome check_os(const Preflight& /*with*/, const Asked& asked) {
    const bool known =
        asked.found.os == "debian" && numbers_of(asked.found.os_version) >= std::vector<int>{12};
    return required(known, asked.found.os_name, "a release is made for Debian 12 or newer");
}

Outcome check_architecture(const Preflight& with, const Asked& asked) {
    return required(
        asked.found.architecture == with.bundle.architecture,
        asked.found.architecture,
        fmt::format("the bundle is for {}: make one on such a machine", with.bundle.architecture)
    );
}

Outcome check_glibc(const Preflight& with, const Asked& asked) {
    return required(
        numbers_of(asked.found.glibc) >= numbers_of(with.bundle.glibc),
        asked.found.glibc,
        fmt::format("the bundle needs {} or newer", with.bundle.glibc)
    );
}

Outcome check_supervisor(const Preflight& /*with*/, const Asked& asked) {
    const bool known = asked.found.supervisor.has_value();
    const std::string name = !known                                           ? "none"
                             : *asked.found.supervisor == Supervisor::systemd ? "systemd"
                                                                              : "runit";
    return required(known, name, "systemd or runit must be running, to start services");
}

Outcome check_account(const Preflight& /*with*/, const Asked& asked) {
    return required(
        asked.found.id_taken_by.empty(),
        asked.found.id_taken_by.empty()
            ? fmt::format("{} {}", layout::user, asked.found.has_account ? "is there" : "is made")
            : fmt::format("{}", fmt::join(asked.found.id_taken_by, ", ")),
        fmt::format(
            "user and group {} must have the number {} everywhere", layout::user, account_id
        )
    );
}

Outcome check_disk(const Preflight& with, const Asked& asked) {
    const bool there = has_release(with, asked);
    const std::int64_t wanted = there ? 0 : unpacked_times * with.bundle.bytes;
    const auto room = [&](const char* folder) {
        const auto one = asked.found.free.find(folder);
        return one == asked.found.free.end() ? 0 : one->second;
    };
    return required(
        room("/opt") >= wanted && room("/var/lib") >= least_data,
        fmt::format(
            "/opt has {} free, /var/lib {}", size_text(room("/opt")), size_text(room("/var/lib"))
        ),
        fmt::format("/opt needs {}, /var/lib {}", size_text(wanted), size_text(least_data))
    );
}

Outcome check_memory(const Preflight& with, const Asked& asked) {
    const std::int64_t wanted =
        least_memory + session_limit(with.topology, with.pool) * memory_of_session;
    return required(
        asked.found.memory >= wanted,
        size_text(asked.found.memory),
        fmt::format("so many sessions need {}", size_text(wanted))
    );
}

Outcome check_open_files(const Preflight& with, const Asked& asked) {
    const std::int64_t wanted = open_file_limit(with.topology, with.pool);
    return required(
        asked.found.open_files >= wanted,
        fmt::format(
            "a service can have {}",
            asked.found.open_files > most_shown ? "any number"
                                                : std::to_string(asked.found.open_files)
        ),
        fmt::format("{} are needed: raise DefaultLimitNOFILE or fs.nr_open", wanted)
    );
}

Outcome check_ports(const Preflight& with, const Asked& asked) {
    std::vector<std::string> taken;
    std::vector<std::string> all;
    for (const NodePort& port : node_ports(with.pool, *asked.machine)) {
        all.push_back(std::to_string(port.number));
        const auto one = asked.found.ports.find(port.number);
        if (one == asked.found.ports.end() || !one->second.taken ||
            is_ours(asked.found, one->second))
            continue;
        taken.push_back(fmt::format(
            "{} ({}) by {}",
            port.number,
            port.purpose,
            one->second.program.empty() ? fmt::format("a program of user {}", one->second.user)
                                        : one->second.program
        ));
    }
    return required(
        taken.empty(),
        taken.empty() ? fmt::format("{} can be used", fmt::join(all, ", "))
                      : fmt::format("taken: {}", fmt::join(taken, ", ")),
        "stop what has it, or choose another in pools[].ports"
    );
}

Outcome check_clock(const Preflight& /*with*/, const Asked& asked) {
    const double off = std::max(0.0, std::abs(asked.clock_ahead) - asked.uncertain);
    const Verdict verdict = off > most_ahead      ? Verdict::bad
                            : off > notable_ahead ? Verdict::warning
                                                  : Verdict::good;
    const std::string text =
        off <= notable_ahead
            ? "as here"
            : fmt::format("{:.0f} s {}", off, asked.clock_ahead > 0 ? "ahead" : "behind");
    return Outcome(
        verdict, text, verdict == Verdict::good ? "" : "let systemd-timesyncd or chrony set it"
    );
}

}  // namespace pchat::cli

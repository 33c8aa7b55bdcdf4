// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "server/service/directory_sync.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace pchat {

/// What this server has done of it since it started.
struct DutyStatus {
    std::uint64_t asked = 0;  // number of the last run that an administrator asked for here
    std::uint64_t ended = 0;  // of the last one that has ended
    bool running = false;
    std::optional<SyncReport> report;  // of the last run, asked for or not
    std::optional<Error> problem;      // when it failed
};

/// Synchronizes when it is due and when somebody asks. Whoever asks does not wait: it takes
/// minutes.
class DirectoryDuty {
public:
    DirectoryDuty(DirectorySync& sync, const Clock& clock) : sync_(sync), clock_(clock) {}

    /// The number of the run; `sync-running` when one waits already.
    Result<std::uint64_t> ask(SyncWish wish);
    /// Called by a clock, on a thread of its own: does what is to be done.
    void tick();
    void stop() { sync_.stop(); }

    [[nodiscard]] DutyStatus status() const;
    DirectorySync& sync() { return sync_; }

private:
    struct Memory {
        DutyStatus status;
        std::optional<SyncWish> wish;
    };
    bool is_due();
    void run(const SyncWish& wish, bool asked);

    DirectorySync& sync_;
    const Clock& clock_;
    std::chrono::steady_clock::time_point next_look_{};
    Guarded<Memory> memory_;
};

}  // namespace pchat

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/result.h"
#include "server/domain/deployment.h"
#include "server/service/commit_queue.h"
#include "server/service/lease_hold.h"
#include "server/service/roll.h"
#include "server/store/archive_store.h"
#include "server/store/content_database.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pchat {

/// Puts away what servers left behind that were lost: fences them, tells compliance that whoever
/// was there has left, and forgets who was connected. One server of the pool at a time does it, by
/// a lease; whoever is interrupted is followed by another, and what was done is not done again,
/// for each begins by fencing whoever spoke for the lost server before.
class Burial {
public:
    /// `archive`: null without compliance. `grace`: how long a server is waited for that counts as
    /// lost already; when the database comes back after a while, all of them do for a moment.
    Burial(
        ContentDatabase& content,
        ArchiveDatabase* archive,
        Life life,
        const std::string& server_name,
        const Clock& clock,
        std::chrono::microseconds grace
    );

    /// Who belongs to the pool now; from any thread.
    void called(const Roll& roll);
    /// Waits. Called by a clock.
    Result<void> bury();
    /// From any thread: what is under way ends with its portion, and another server goes on.
    void stop() { stopping_ = true; }
    void let_go();
    /// How many servers this one has put away; from any thread.
    [[nodiscard]] std::uint64_t count() const { return count_; }

private:
    struct Lost {
        std::int64_t epoch = 0;
        Microseconds heartbeat_at = 0;  // also those beat that do not serve yet
        std::string fqdn;
        Microseconds since = 0;
        bool due = false;
    };
    using Epochs = std::map<ServerId, std::int64_t>;

    Result<bool> is_done(ServerId id, const Lost& lost);
    /// False: it lives, or somebody else was faster; the next look tells.
    Result<bool> bury(ServerId id, const Lost& lost);
    Result<bool> fence(ServerId id, const Lost& lost);
    Result<bool> end_visits(const Lost& lost, Life after);
    Result<bool> forget(Life after);
    Result<void> note(Life after);
    /// Between two portions. False: the lease is another server's now, or this one ends.
    Result<bool> go_on();

    ContentDatabase& content_;
    ArchiveDatabase* archive_;
    ServerId self_;
    const Clock& clock_;
    std::chrono::microseconds grace_;
    LeaseHold lease_;
    bool leads_ = false;
    std::atomic<bool> stopping_{false};
    Guarded<std::map<ServerId, Lost>> lost_;
    Epochs buried_;  // by whomever
    std::atomic<std::uint64_t> count_{0};
};

}  // namespace pchat

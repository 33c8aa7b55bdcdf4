// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/directory_plan.h"
#include "server/service/group_admin.h"
#include "server/service/lease_hold.h"
#include "server/service/portion.h"
#include "server/service/talk_watch.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace pchat {

struct SyncOptions {
    int removal_percent = 20;  // of users, groups and memberships that may go at once
    std::chrono::minutes interval{15};
    std::chrono::hours full_every{24};  // everything is read again, whatever the marks say
    /// Between two transactions at most: others write too.
    std::chrono::milliseconds longest_pause{200};
};

/// How a synchronization is to be made.
struct SyncWish {
    bool dry_run = false;
    bool full = false;        // read everything
    Force force = Force::no;  // however much goes, whoever is denied
    Actor actor = {};
};

struct SyncCounts {
    std::size_t seen = 0;  // in the directory
    std::size_t read = 0;  // of them, in full
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t moved = 0;
    std::size_t removed = 0;
    std::size_t joined = 0;  // memberships
    std::size_t left = 0;
};

/// What a synchronization did, or would do.
struct SyncReport {
    Microseconds started_at = 0;
    Microseconds finished_at = 0;
    bool dry_run = false;
    bool full = false;
    SyncCounts counts;
    std::vector<std::string> changes;  // the first ones: "add sip:ann@contoso.example"
    std::vector<DirectoryProblem> problems;
    std::size_t problem_count = 0;
};

/// Brings users, groups and folders of a directory into the database and keeps them as they are
/// there. One server of the pool at a time, by a lease; in portions, each of which live sessions
/// follow at once. What fails half-way is done by the next one.
class DirectorySync {
public:
    DirectorySync(Changes& changes, DirectorySource& source, SyncOptions options);

    /// Waits, minutes perhaps. `sync-running` when another server is at it. For one thread.
    Result<SyncReport> run(const SyncWish& wish);
    /// Ends a run that is under way between two portions. From any thread.
    void stop() { stopping_ = true; }
    /// How far it has got, and when it is due.
    Result<std::optional<DirectoryProgress>> progress();

    [[nodiscard]] const DirectorySource& source() const { return source_; }
    [[nodiscard]] const SyncOptions& options() const { return options_; }

private:
    struct Cookie;
    Result<bool> lead();
    Result<void> keep_lead();
    Result<void> still_ours(ContentTransaction& tx);
    Result<SyncReport> synchronize(const SyncWish& wish, DirectoryProgress& progress);
    Result<void> read_changes(
        DirectoryReading& reading,
        const KnownDirectory& known,
        const std::string& mark,
        DirectoryPicture& picture
    );
    Result<void> check_removals(const SyncPlan& plan, const SyncWish& wish) const;
    Result<void> apply(
        const SyncWish& wish,
        const DirectoryPicture& picture,
        DirectoryProgress& progress,
        SyncPlan& plan
    );
    template <class Step>
    Result<void> apply_portions(
        const SyncWish& wish,
        const DirectoryPicture& picture,
        const DirectoryProgress& progress,
        SyncPlan& plan,
        const std::vector<Step>& steps
    );
    void note(const Result<SyncReport>& outcome, DirectoryProgress& progress);

    Changes& changes_;
    DirectorySource& source_;
    SyncOptions options_;
    LeaseHold lease_;
    std::chrono::steady_clock::time_point renewed_{};
    std::unordered_set<std::string> useless_;  // was read and cannot be taken as it is
    Portion portion_;
    TalkWatch talk_;
    std::atomic<bool> stopping_{false};
};

}  // namespace pchat

// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_duty.h"

#include "base/log.h"

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

using namespace std::chrono_literals;

// Another server may have done it meanwhile, or somebody may have changed when it is due.
constexpr std::chrono::microseconds longest_look = 60s;
// Also when it could not be written down that one was made.
constexpr std::chrono::microseconds shortest_look = 30s;

void tell(const Result<SyncReport>& outcome) {
    if (!outcome) {
        log::warning("the directory was not synchronized: {}", outcome.error().message);
        return;
    }
    const SyncCounts& counts = outcome->counts;
    const std::size_t all =
        counts.added + counts.changed + counts.moved + counts.removed + counts.joined + counts.left;
    if (all > 0 && !outcome->dry_run)
        log::info(
            "directory: {} added, {} changed, {} moved, {} removed; memberships: {} begun, {} "
            "ended",
            counts.added,
            counts.changed,
            counts.moved,
            counts.removed,
            counts.joined,
            counts.left
        );
    if (outcome->problem_count > 0)
        log::info(
            "directory: {} entries are not taken, the first is '{}': {}",
            outcome->problem_count,
            outcome->problems.front().dn,
            outcome->problems.front().why
        );
}

}  // namespace

Result<std::uint64_t> DirectoryDuty::ask(SyncWish wish) {
    return memory_.with([&](Memory& memory) -> Result<std::uint64_t> {
        if (memory.wish)
            return fail_as(
                "sync-running",
                Errc::conflict,
                "somebody has asked for a synchronization already",
                "see pchatctl directory status"
            );
        memory.wish = std::move(wish);
        return ++memory.status.asked;
    });
}

DutyStatus DirectoryDuty::status() const {
    return memory_.with([](const Memory& memory) { return memory.status; });
}

bool DirectoryDuty::is_due() {
    const auto now = clock_.steady();
    if (now < next_look_)
        return false;
    next_look_ = now + longest_look;
    const auto progress = sync_.progress();
    if (!progress)
        return false;
    const Microseconds left = *progress ? (*progress)->next_at - clock_.now() : 0;
    if (left <= 0)
        return true;
    next_look_ = now + std::min(std::chrono::microseconds{left}, longest_look);
    return false;
}

void DirectoryDuty::run(const SyncWish& wish, bool asked) {
    memory_.with([](Memory& memory) { memory.status.running = true; });
    Result<SyncReport> outcome = sync_.run(wish);
    next_look_ = clock_.steady() + shortest_look;
    // What another server does is not a problem of this one.
    const bool elsewhere = !outcome && outcome.error().reason == "sync-running" && !asked;
    if (elsewhere)
        next_look_ = clock_.steady() + longest_look;
    else
        tell(outcome);
    memory_.with([&](Memory& memory) {
        DutyStatus& status = memory.status;
        status.running = false;
        if (asked) {
            status.ended = status.asked;
            memory.wish.reset();
        }
        if (elsewhere)
            return;
        status.report.reset();
        status.problem.reset();
        if (outcome)
            status.report = std::move(*outcome);
        else
            status.problem = std::move(outcome).error();
    });
}

void DirectoryDuty::tick() {
    const std::optional<SyncWish> wish =
        memory_.with([](const Memory& memory) { return memory.wish; });
    if (wish) {
        run(*wish, true);
    } else if (is_due()) {
        SyncWish usual;
        usual.actor.name = "directory";
        run(usual, false);
    }
}

}  // namespace pchat

// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/pool_lock.h"

#include "cli/deploy/lock_owner.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace pchat::cli {
namespace {

std::string age_text(const std::string& seconds) {
    std::int64_t age = 0;
    std::from_chars(seconds.data(), seconds.data() + seconds.size(), age);
    return age < 120 ? fmt::format("{} s", age) : fmt::format("{} min", age / 60);
}

const std::vector<std::string>* holder(const Said& said) {
    const auto* line = said.line("held");
    return line != nullptr && line->size() > 2 ? line : nullptr;
}

}  // namespace

Result<std::unique_ptr<PoolLock>> PoolLock::take(
    const std::vector<NodeWay*>& ways, const LockWish& wish
) {
    std::unique_ptr<PoolLock> out{new PoolLock{wish}};
    std::vector<NodeWay*> sorted = ways;
    sorted.insert(sorted.end(), wish.others.begin(), wish.others.end());
    std::sort(sorted.begin(), sorted.end(), [](const NodeWay* a, const NodeWay* b) {
        return a->name() < b->name();
    });
    for (NodeWay* way : sorted) {
        Result<void> taken = out->take_one(*way, wish.by_force);
        if (taken) {
            out->held_.push_back(way);
            out->touched_.emplace_back(way->machine(), way->links());
            continue;
        }
        // Whoever else wants one of `ways` meets us there.
        const bool other =
            std::find(wish.others.begin(), wish.others.end(), way) != wish.others.end();
        if (!other || taken.error().code == Errc::conflict)
            return pass(std::move(taken).error());
        out->passed_over_.push_back(fmt::format("{}: {}", way->name(), taken.error().message));
    }
    out->thread_ = std::thread{[lock = out.get()] { lock->keep(); }};
    return out;
}

Result<void> PoolLock::take_one(NodeWay& way, bool by_force) {
    Result<Said> said = way.ask({"lock", owner_});
    if (const auto* held = said ? holder(*said) : nullptr;
        held != nullptr && (by_force || is_gone((*held)[1])))
        said = way.ask({"lock", owner_, std::string{(*held)[1]}});
    if (!said)
        return pass(said.error(), way.name());
    const auto* held = holder(*said);
    if (held == nullptr)
        return {};
    return fail(
        Errc::conflict,
        fmt::format(
            "{} is being deployed by {}, last heard of {} ago",
            way.name(),
            (*held)[1],
            age_text((*held)[2])
        ),
        "wait for it; when it is gone for good: --take-over"
    );
}

PoolLock::~PoolLock() {
    {
        const std::lock_guard guard{mutex_};
        ending_ = true;
    }
    over_.notify_all();
    if (thread_.joinable())
        thread_.join();
    for (NodeWay* way : held_)
        (void)way->ask({"unlock", owner_}
        );  // what is left is known to be of a process that is gone
}

Result<void> PoolLock::kept() const {
    const std::optional<Error> lost = lost_.with([](const auto& error) { return error; });
    return lost ? Result<void>{pass(*lost)} : Result<void>{};
}

void PoolLock::keep() {
    std::unique_lock guard{mutex_};
    while (!over_.wait_for(guard, touched_every_, [this] { return ending_; })) {
        guard.unlock();
        for (NodeWay& way : touched_) {
            const Result<void> touched = touch_lock(way, owner_);
            // Who has it on a machine that is not reached is said when something is done there.
            if (!touched && touched.error().code == Errc::conflict)
                lost_.with([&](auto& lost) { lost = touched.error(); });
        }
        guard.lock();
    }
}

Result<void> touch_lock(NodeWay& way, const std::string& owner) {
    const Result<Said> said = way.ask({"touch-lock", owner});
    if (!said)
        return pass(said.error());
    return said->busy ? Result<void>{pass(lock_conflict(way, *said))} : Result<void>{};
}

Error lock_conflict(const NodeWay& way, const Said& said) {
    Error out;
    out.code = Errc::conflict;
    if (const auto* held = holder(said))
        out.message = fmt::format("{}: {} has taken over", way.name(), (*held)[1]);
    else if (said.line("free") != nullptr)
        out.message = fmt::format("{}: somebody took our lock away", way.name());
    else if (const auto* line = said.line("running"); line != nullptr && line->size() > 3)
        out.message = fmt::format("{}: {} has begun a roll-out", way.name(), (*line)[3]);
    else
        out.message = fmt::format("{}: somebody else is at it", way.name());
    out.hint = "see how the machines are: pchatctl deploy status";
    return out;
}

}  // namespace pchat::cli

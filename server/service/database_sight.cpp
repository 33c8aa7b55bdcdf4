// SPDX-License-Identifier: Apache-2.0
#include "server/service/database_sight.h"

#include "base/log.h"

#include <utility>

namespace pchat {
namespace {

constexpr std::string_view unavailable = "database-unavailable";

}  // namespace

DatabaseSight::DatabaseSight(std::string name, const Clock& clock)
    : name_(std::move(name)), clock_(clock), seen_(clock.steady().time_since_epoch().count()) {}

void DatabaseSight::seen(std::chrono::steady_clock::time_point begun) {
    const Steady::rep now = begun.time_since_epoch().count();
    Steady::rep before = seen_;
    while (before < now && !seen_.compare_exchange_weak(before, now)) {
    }
    if (away_ && away_.exchange(false))
        log::info("the {} answers again", name_);
}

Error DatabaseSight::judged(Error error) {
    if (error.code != Errc::unreachable && error.code != Errc::timeout)
        return error;
    if (!away_.exchange(true))
        log::error("the {} is away: {}", name_, error.message);
    error.context.push_back(std::exchange(error.message, "the database does not answer"));
    error.hint = "try again in a moment";
    error.reason = unavailable;
    return error;
}

std::chrono::steady_clock::duration DatabaseSight::unseen() const {
    return clock_.steady() - Steady::time_point{Steady::duration{seen_}};
}

bool says_away(const Error& error) {
    return error.reason == unavailable;
}

Result<void> too_long_unseen() {
    return fail_as(
        unavailable,
        Errc::unreachable,
        "the database has not answered for a minute: who may read what is not known any more",
        "try again in a moment"
    );
}

}  // namespace pchat

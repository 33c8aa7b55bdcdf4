// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/open_visits.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace pchat {
namespace {

constexpr std::size_t most_unsettled = 200;  // of a mark
constexpr std::size_t remembered = 10'000;   // events, at least

}  // namespace

VisitMark read_visit_mark(std::string_view text) {
    std::vector<std::int64_t> numbers;
    const char* next = text.data();
    const char* const end = next + text.size();
    while (next != end) {
        std::int64_t number = 0;
        const auto [after, problem] = std::from_chars(next, end, number);
        if (problem != std::errc{})
            return {};
        numbers.push_back(number);
        next = after == end ? end : after + 1;
    }
    if (numbers.empty())
        return {};
    return {numbers.front(), {numbers.begin() + 1, numbers.end()}};
}

std::string write_visit_mark(const VisitMark& mark) {
    std::string out = fmt::format("{}", mark.n);
    for (const std::int64_t join : mark.joins)
        out += fmt::format(" {}", join);
    return out;
}

bool OpenVisits::is_new(const std::string& uuid) {
    if (seen_before_.contains(uuid) || !seen_.insert(uuid).second)
        return false;
    if (seen_.size() >= remembered) {
        seen_before_ = std::move(seen_);
        seen_.clear();
    }
    return true;
}

void OpenVisits::add(const ArchivedEvent& event) {
    if ((event.kind != compliance_join && event.kind != compliance_part) || !event.room_uuid ||
        !event.user_uuid)
        return;
    if (!is_new(event.uuid))
        return;  // a commit whose answer was lost may have left it in the outbox twice
    const RoomAndUser who{*event.room_uuid, *event.user_uuid};
    if (event.kind == compliance_join) {
        visits_[who].joins.push_back({event.n, event.body});
        return;
    }
    const auto there = visits_.find(who);
    if (there == visits_.end())
        return;  // it came before what was looked at, and that is settled
    there->second.joins.pop_back();
    if (!there->second.joins.empty())
        return;
    unsettled_ -= there->second.at_settle.empty() ? 0U : 1U;
    visits_.erase(there);
}

// Who has left since then is of no matter: a part without its join changes nothing, and whoever
// comes again later is read about in full.
std::optional<VisitMark> OpenVisits::settle(std::int64_t n) {
    if (!settling_) {
        settling_ = n;
        unsettled_ = visits_.size();
        for (auto& [who, visit] : visits_)
            for (const Join& join : visit.joins)
                visit.at_settle.push_back(join.n);
    }
    if (unsettled_ > most_unsettled)
        return std::nullopt;
    VisitMark out{*settling_, {}};
    for (auto& [who, visit] : visits_) {
        out.joins.insert(out.joins.end(), visit.at_settle.begin(), visit.at_settle.end());
        visit.at_settle.clear();
    }
    std::sort(out.joins.begin(), out.joins.end());
    settling_.reset();
    return out;
}

std::vector<std::string> OpenVisits::take(std::size_t most) {
    std::vector<std::string> out;
    while (!visits_.empty() && out.size() < most) {
        const auto first = visits_.begin();
        out.push_back(std::move(first->second.joins.back().body));
        first->second.joins.pop_back();
        if (first->second.joins.empty())
            visits_.erase(first);
    }
    return out;
}

}  // namespace pchat

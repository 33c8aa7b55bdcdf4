// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_backlog.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace pchat {
namespace {

constexpr Microseconds look_again = 60'000'000;  // whatever the servers' logs say
// The fact that holds when one of them looked at all rooms, for the others.
constexpr std::string_view looked_fact = "search_looked_at";
constexpr int batch_rooms = 1'024;
// Rooms that lack no more than this come first, so that a room with years to go keeps nobody
// waiting.
constexpr std::int64_t a_little = 1'000;
constexpr std::int64_t any_number = std::numeric_limits<std::int64_t>::max();

}  // namespace

Result<void> SearchBacklog::read_logs() {
    Result<void> read =
        chat_.content().read("looking for work", [&](ContentTransaction& tx) -> Result<void> {
            const auto whole = logs_.read(tx, [&](const Server&, const LogBody& body) {
                for (const Head& head : body.heads)
                    named_.insert(head.room);
                named_.insert(body.touched.revised.begin(), body.touched.revised.end());
                may_have_gone_ = may_have_gone_ || !body.touched.rooms.empty();
            });
            if (!whole)
                return pass(whole.error());
            everything_ = everything_ || !*whole;
            return {};
        });
    if (read)
        logs_.keep();
    return read;
}

// All rooms: one server of the pool now and then, and each that lacks a part of the logs, for what
// they said may have been left undone.
Result<void> SearchBacklog::look() {
    if (Result<void> read = read_logs(); !read)
        return read;
    const Microseconds now = chat_.clock().now();
    if (!everything_ && std::abs(now - looked_at_) >= look_again) {
        const Result<Microseconds> others = looked_by_others();
        if (!others)
            return pass(others.error());
        looked_at_ = *others;
        everything_ = std::abs(now - looked_at_) >= look_again;
    }
    if (!everything_)
        return {};
    if (Result<void> found = find_all(); !found)
        return found;
    everything_ = false;
    may_have_gone_ = true;
    looked_at_ = now;
    return chat_.content().write("noting a look at all rooms", [&](ContentTransaction& tx) {
        return tx.registry().put_fact(looked_fact, fmt::format("{}", now));
    });
}

Result<Microseconds> SearchBacklog::looked_by_others() {
    Microseconds out = 0;
    Result<void> read = chat_.content().read("reading a fact", [&](ContentTransaction& tx) {
        const auto text = tx.registry().fact(looked_fact);
        if (!text)
            return Result<void>{pass(text.error())};
        const std::string value = text->value_or("");
        std::from_chars(value.data(), value.data() + value.size(), out);
        return Result<void>{};
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

Result<void> SearchBacklog::drop_done() {
    if (empty())
        return {};
    std::vector<RoomId> rooms{named_.begin(), named_.end()};
    rooms.insert(rooms.end(), long_ones_.begin(), long_ones_.end());
    std::set<RoomId> left;
    bool some_gone = may_have_gone_;
    Result<void> read = chat_.content().read(
        "looking at what is left",
        [&](ContentTransaction& tx) -> Result<void> {
            left.clear();
            const auto gaps = tx.search().behind(rooms);
            if (!gaps)
                return pass(gaps.error());
            for (const SearchGap& gap : *gaps)
                left.insert(gap.head.room);
            if (!may_have_gone_)
                return {};
            const auto gone = tx.search().gone(1);
            if (!gone)
                return pass(gone.error());
            some_gone = !gone->empty();
            return {};
        }
    );
    if (!read)
        return read;
    may_have_gone_ = some_gone;
    for (std::set<RoomId>* list : {&named_, &long_ones_})
        std::erase_if(*list, [&](RoomId room) { return !left.contains(room); });
    return {};
}

/// Names every room that lacks something.
Result<void> SearchBacklog::find_all() {
    return chat_.content().read(
        "looking at all rooms",
        [&](ContentTransaction& tx) -> Result<void> {
            named_.clear();
            long_ones_.clear();
            for (const std::int64_t most : {a_little, any_number})
                for (RoomId last;;) {
                    const auto gaps = tx.search().behind(last, most, batch_rooms);
                    if (!gaps)
                        return pass(gaps.error());
                    for (const SearchGap& gap : *gaps)
                        if (most == a_little || !named_.contains(gap.head.room))
                            (most == a_little ? named_ : long_ones_).insert(gap.head.room);
                    if (static_cast<int>(gaps->size()) < batch_rooms)
                        break;
                    last = gaps->back().head.room;
                }
            return {};
        }
    );
}

std::vector<RoomId> SearchBacklog::next() const {
    const bool of_long_ones = named_.empty();
    const std::set<RoomId>& list = of_long_ones ? long_ones_ : named_;
    auto next = of_long_ones ? list.upper_bound(last_room_) : list.begin();
    if (next == list.end())
        next = list.begin();
    std::vector<RoomId> rooms;
    for (; next != list.end() && rooms.size() < static_cast<std::size_t>(batch_rooms); ++next)
        rooms.push_back(*next);
    return rooms;
}

void SearchBacklog::worked(
    const std::vector<RoomId>& rooms,
    const std::set<RoomId>& unfinished,
    const std::optional<RoomId>& last
) {
    last_room_ = last.value_or(last_room_);
    for (const RoomId room : rooms) {
        named_.erase(room);
        if (unfinished.contains(room))
            long_ones_.insert(room);
        else
            long_ones_.erase(room);
    }
}

}  // namespace pchat

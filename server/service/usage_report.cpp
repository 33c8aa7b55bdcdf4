// SPDX-License-Identifier: Apache-2.0
#include "server/service/usage_report.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pchat {
namespace {

constexpr Microseconds day = 86'400'000'000;
constexpr Microseconds longest = 366 * day;
constexpr int portion = 5'000;
constexpr std::int64_t most_messages = 1'000'000;

Microseconds day_of(Microseconds at) {
    return at - at % day;
}

Result<void> check(const UsageQuery& query) {
    if (query.since < 0 || query.since > query.until)
        return fail_as(
            "bad-value",
            Errc::invalid,
            "the time of a report ends before it begins",
            "until comes after since",
            "until"
        );
    if (query.until - query.since > longest)
        return fail_as(
            "bad-value", Errc::invalid, "a report covers a year at most", "ask for less", "since"
        );
    return {};
}

/// Gathers what was said, message by message.
class Tally {
public:
    explicit Tally(const UsageQuery& query) : query_(query) {
        for (Microseconds at = day_of(query.since); at <= query.until; at += day)
            days_[at];
    }

    void add(RoomId room, const Utterance& said) {
        ++report_.messages;
        Counted& in_room = rooms_[room];
        ++in_room.messages;
        in_room.users.insert(said.sender);
        Counted& of_user = users_[said.sender];
        ++of_user.messages;
        of_user.rooms.insert(room);
        Counted& on_day = days_[day_of(said.at)];
        ++on_day.messages;
        on_day.users.insert(said.sender);
        on_day.rooms.insert(room);
    }

    /// Of a room in which nothing was said since then.
    void add_idle(const RoomHead& head) {
        idle_.push_back({head.room, 0, 0, head.last_seq == 0 ? 0 : head.last_at});
    }
    void note_last(const RoomHead& head) { rooms_[head.room].last_at = head.last_at; }
    void add_bytes(std::int64_t bytes) { report_.content_bytes += bytes; }
    /// There is more than one report reads.
    void break_off() { report_.complete = false; }
    [[nodiscard]] bool full() const { return report_.messages >= most_messages; }

    UsageReport finish();

private:
    struct Counted {
        std::int64_t messages = 0;
        std::unordered_set<PrincipalId> users;
        std::unordered_set<RoomId> rooms;
        Microseconds last_at = 0;
    };

    UsageQuery query_;
    UsageReport report_;
    std::unordered_map<RoomId, Counted> rooms_;
    std::unordered_map<PrincipalId, Counted> users_;
    std::map<Microseconds, Counted> days_;
    std::vector<UsageReport::RoomUse> idle_;
};

/// The first of them in that order.
template <class T, class Before>
void keep_first(std::vector<T>& list, std::size_t count, const Before& before) {
    const std::size_t kept = std::min(count, list.size());
    std::partial_sort(
        list.begin(), list.begin() + static_cast<std::ptrdiff_t>(kept), list.end(), before
    );
    list.resize(kept);
}

UsageReport Tally::finish() {
    for (const auto& [room, use] : rooms_)
        if (use.messages > 0)
            report_.top_rooms.push_back({room, use.messages, use.users.size(), use.last_at});
    for (const auto& [user, use] : users_)
        report_.top_users.push_back({user, use.messages, use.rooms.size()});
    for (const auto& [begins, use] : days_)
        report_.days.push_back({begins, use.messages, use.users.size(), use.rooms.size()});
    report_.rooms_used = report_.top_rooms.size();
    report_.users_heard = report_.top_users.size();
    report_.idle_rooms = std::move(idle_);
    keep_first(report_.top_rooms, query_.top, [](const auto& a, const auto& b) {
        return std::tuple{-a.messages, a.room} < std::tuple{-b.messages, b.room};
    });
    keep_first(report_.top_users, query_.top, [](const auto& a, const auto& b) {
        return std::tuple{-a.messages, a.user} < std::tuple{-b.messages, b.user};
    });
    keep_first(report_.idle_rooms, query_.top, [](const auto& a, const auto& b) {
        return std::tie(a.last_at, a.room) < std::tie(b.last_at, b.room);
    });
    return std::move(report_);
}

/// Back from the room's last message to the first of that time, one portion a transaction: nothing
/// is kept open while a large room is read.
Result<void> read_room(
    ContentDatabase& content, const UsageQuery& query, const RoomHead& head, Tally& tally
) {
    for (std::int64_t seq = head.last_seq; seq >= head.first_seq;) {
        std::vector<Utterance> said;
        Result<void> read =
            content.read("reporting the usage", [&](ContentTransaction& tx) -> Result<void> {
                auto found = tx.messages().uttered(head.room, seq, portion);
                if (!found)
                    return pass(std::move(found).error());
                said = std::move(*found);
                return {};
            });
        if (!read)
            return read;
        for (const Utterance& one : said) {
            if (one.at < query.since)
                return {};
            if (tally.full()) {
                tally.break_off();
                return {};
            }
            if (one.at <= query.until)
                tally.add(head.room, one);
            seq = one.seq - 1;
        }
        if (said.size() < static_cast<std::size_t>(portion))
            return {};
    }
    return {};
}

Result<std::vector<RoomHead>> read_heads(Chat& chat) {
    std::vector<RoomHead> all;
    Result<void> read = chat.content().read("reading rooms", [&](ContentTransaction& tx) {
        all.clear();
        return tx.messages().each_head([&](const RoomHead& head) {
            all.push_back(head);
            return Result<void>{};
        });
    });
    if (!read)
        return pass(std::move(read).error());
    chat.directory().read([&](const DirectoryState& state) {
        return std::erase_if(all, [&](const RoomHead& head) {
            return state.room(head.room) == nullptr;  // removed, its messages go by and by
        });
    });
    // What was used last comes first: it is what a report that is broken off should have.
    std::sort(all.begin(), all.end(), [](const RoomHead& a, const RoomHead& b) {
        return std::tie(b.last_at, b.room) < std::tie(a.last_at, a.room);
    });
    return all;
}

}  // namespace

Result<UsageReport> report_usage(Chat& chat, const UsageQuery& query) {
    if (Result<void> good = check(query); !good)
        return pass(std::move(good).error());
    const Result<std::vector<RoomHead>> heads = read_heads(chat);
    if (!heads)
        return pass(heads.error());
    Tally tally{query};
    for (const RoomHead& head : *heads) {
        tally.add_bytes(head.content_bytes);
        if (head.last_seq == 0 || head.last_at < query.since) {
            tally.add_idle(head);
            continue;
        }
        if (tally.full()) {
            tally.break_off();
            continue;
        }
        tally.note_last(head);
        if (Result<void> read = read_room(chat.content(), query, head, tally); !read)
            return pass(std::move(read).error());
    }
    UsageReport out = tally.finish();
    out.rooms = heads->size();
    chat.directory().read([&](const DirectoryState& state) {
        state.each_principal([&](const KnownPrincipal& one) {
            if (one.kind == PrincipalKind::user && one.state == PrincipalState::active)
                ++out.users;
        });
        return 0;
    });
    return out;
}

}  // namespace pchat

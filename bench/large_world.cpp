// SPDX-License-Identifier: Apache-2.0
#include "bench/large_world.h"

#include "base/sha256.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/service/first_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <span>
#include <utility>
#include <vector>

namespace pchat::bench {
namespace {

constexpr std::size_t portion = 5'000;  // rows in one transaction
constexpr std::size_t all_users = 150'000;
constexpr std::size_t all_groups = 5'000;
constexpr std::size_t members_of_group = 30;
constexpr std::size_t managers_of_room = 6;

/// How many rooms of which size, how many of them everybody may join, and what the lists of the
/// others hold on the average.
struct RoomKind {
    std::size_t rooms;
    std::size_t open;
    double users;
    double groups;
};
constexpr std::array<RoomKind, 3> kinds{
    {{32'000, 960, 15, 1.5}, {1'067, 32, 15, 4.5}, {10, 5, 0, 10}}};

void require(const Result<void>& done) {
    if (done)
        return;
    std::cerr << "bench: " << done.error().message << '\n';
    std::exit(1);
}

class Maker {
public:
    Maker(ContentDatabase& content, double share) : content_(content), share_(share) {}

    LargeWorld make() {
        const auto first = make_first_content(content_, SystemClock{});
        require(first ? Result<void>{} : Result<void>{pass(first.error())});
        make_principals();
        make_administrator();
        for (const RoomKind& kind : kinds)
            make_rooms(kind);
        return out_;
    }

private:
    [[nodiscard]] std::size_t part(std::size_t count) const {
        return std::max<std::size_t>(
            1, static_cast<std::size_t>(static_cast<double>(count) * share_)
        );
    }
    void write(const ContentWork& work) { require(content_.write("making a large world", work)); }
    std::int64_t take(IdKind kind, std::size_t count) {
        std::int64_t out = 0;
        write([&](ContentTransaction& tx) -> Result<void> {
            const auto first = tx.registry().take_ids(kind, static_cast<std::int64_t>(count));
            out = first.value_or(0);
            return first ? Result<void>{} : Result<void>{pass(first.error())};
        });
        return out;
    }
    template <class T, class Put>
    void write_all(const std::vector<T>& rows, const Put& put) {
        for (std::span<const T> left{rows}; !left.empty();) {
            const auto now = left.first(std::min(portion, left.size()));
            write([&](ContentTransaction& tx) { return put(tx, now); });
            left = left.subspan(now.size());
        }
    }
    PrincipalId any(std::int64_t first, std::size_t count) {
        return {first + static_cast<std::int64_t>(random_() % count)};
    }

    void make_principals();
    void make_administrator();
    void make_rooms(const RoomKind& kind);
    void add_entries(const RoomKind& kind, const Room& room, std::vector<RoleEntry>& entries);

    ContentDatabase& content_;
    double share_;
    LargeWorld out_;
    std::int64_t first_user_ = 0;
    std::int64_t first_group_ = 0;
    std::mt19937_64 random_{1};  // the same world each time
};

Principal principal(std::int64_t id, PrincipalKind kind, const std::string& name) {
    Principal out;
    out.id = PrincipalId{id};
    out.uuid = make_uuid(SystemClock{}.now());
    out.kind = kind;
    out.name = name;
    out.name_key = name_key(name);
    out.name_sort = name_sort(name);
    out.display_name = fmt::format("Somebody called {}", name);
    out.email = kind == PrincipalKind::user ? name : "";
    out.created_at = out.updated_at = 1;
    return out;
}

void Maker::make_principals() {
    out_.users = part(all_users);
    out_.groups = part(all_groups);
    first_user_ = take(IdKind::principal, out_.users);
    first_group_ = take(IdKind::principal, out_.groups);
    std::vector<Principal> rows;
    for (std::size_t i = 0; i < out_.users; ++i)
        rows.push_back(principal(
            first_user_ + static_cast<std::int64_t>(i),
            PrincipalKind::user,
            fmt::format("user{}@bench.example", i)
        ));
    for (std::size_t i = 0; i < out_.groups; ++i)
        rows.push_back(principal(
            first_group_ + static_cast<std::int64_t>(i),
            PrincipalKind::group,
            fmt::format("group {}", i)
        ));
    write_all(rows, [](ContentTransaction& tx, std::span<const Principal> some) {
        return tx.principals().insert(some);
    });
    std::vector<Membership> members;
    for (std::size_t i = 0; i < out_.groups; ++i) {
        const PrincipalId group{first_group_ + static_cast<std::int64_t>(i)};
        for (std::size_t k = 0; k < members_of_group; ++k)
            members.push_back({group, any(first_user_, out_.users)});
        if (i % 10 != 0)  // in another one, which ends after nine
            members.push_back({PrincipalId{group.value - 1}, group});
    }
    const auto pair_of = [](const Membership& one) { return std::pair{one.parent, one.child}; };
    std::sort(members.begin(), members.end(), [&](const Membership& a, const Membership& b) {
        return pair_of(a) < pair_of(b);
    });
    const auto same = [&](const Membership& a, const Membership& b) {
        return pair_of(a) == pair_of(b);
    };
    members.erase(std::unique(members.begin(), members.end(), same), members.end());
    write_all(members, [](ContentTransaction& tx, std::span<const Membership> some) {
        return tx.principals().add_members(some);
    });
}

void Maker::make_administrator() {
    Token token;
    token.id = TokenId{take(IdKind::token, 1)};
    token.uuid = make_uuid(SystemClock{}.now());
    out_.admin = "bench-" + token.uuid;
    token.secret_hash = sha256_hex(out_.admin);
    token.user = PrincipalId{first_user_};
    token.label = "bench";
    token.created_at = 1;
    write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> put = tx.tokens().insert(token); !put)
            return put;
        return tx.principals().grant_role({token.user, AdminRole::administrator, 1, {}});
    });
}

void Maker::add_entries(const RoomKind& kind, const Room& room, std::vector<RoleEntry>& entries) {
    const auto add = [&](RoomRole role, PrincipalId who) {
        entries.push_back({room.id, role, who});
    };
    const auto about = [&](double count) {  // 1.5: one or two
        const auto whole = static_cast<std::size_t>(count);
        const bool more =
            static_cast<double>(random_() % 1'000) < (count - static_cast<double>(whole)) * 1'000;
        return whole + (more ? 1 : 0);
    };
    for (std::size_t i = 0; i < managers_of_room; ++i)
        add(RoomRole::manager, any(first_user_, out_.users));
    if (room.type == RoomType::auditorium)
        for (std::size_t i = 0; i < managers_of_room; ++i)
            add(RoomRole::presenter, any(first_user_, out_.users));
    if (room.privacy == RoomPrivacy::open)
        return;
    for (std::size_t i = about(kind.users); i > 0; --i)
        add(RoomRole::member, any(first_user_, out_.users));
    for (std::size_t i = about(kind.groups); i > 0; --i)
        add(RoomRole::member, any(first_group_, out_.groups));
}

void Maker::make_rooms(const RoomKind& kind) {
    const std::size_t count = part(kind.rooms);
    const std::size_t open = part(kind.open);
    const std::int64_t first = take(IdKind::room, count);
    CategoryId category;
    write([&](ContentTransaction& tx) -> Result<void> {
        const auto found = tx.categories().find_name(name_key("General"));
        if (!found || !*found)
            return fail(Errc::internal, "no category");
        category = (*found)->id;
        return {};
    });
    std::vector<Room> rooms;
    std::vector<RoleEntry> entries;
    for (std::size_t i = 0; i < count; ++i) {
        Room room;
        room.id = RoomId{first + static_cast<std::int64_t>(i)};
        room.uuid = make_uuid(SystemClock{}.now());
        room.category = category;
        room.privacy = i < open ? RoomPrivacy::open : RoomPrivacy::closed;
        room.type = i % 100 == 99 ? RoomType::auditorium : RoomType::normal;
        room.name = fmt::format("Room {} of {}", i, kind.rooms);
        room.name_sort = name_sort(room.name);
        room.created_at = room.updated_at = 1;
        add_entries(kind, room, entries);
        rooms.push_back(std::move(room));
    }
    std::sort(entries.begin(), entries.end());
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    write_all(rooms, [](ContentTransaction& tx, std::span<const Room> some) {
        for (const Room& room : some)
            if (Result<void> put = tx.rooms().insert(room); !put)
                return put;
        return Result<void>{};
    });
    write_all(entries, [](ContentTransaction& tx, std::span<const RoleEntry> some) {
        return tx.rooms().add_roles(some);
    });
    out_.rooms += count;
    out_.entries += entries.size();
}

}  // namespace

LargeWorld make_large_world(ContentDatabase& content, double share) {
    return Maker{content, share}.make();
}

}  // namespace pchat::bench

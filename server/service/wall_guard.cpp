// SPDX-License-Identifier: Apache-2.0
#include "server/service/wall_guard.h"

#include "server/service/directory_loader.h"
#include "server/service/gather_touched.h"
#include "server/service/principal_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <unordered_set>
#include <utility>

namespace pchat {
namespace {

// Beyond, all is read again: so much may have been said that their logs take longer.
constexpr std::chrono::seconds longest_unread{60};

bool on_a_side(const Person& person, const std::vector<KnownWall>& walls) {
    return std::any_of(walls.begin(), walls.end(), [&](const KnownWall& wall) {
        return meet(person.affiliations, wall.a) || meet(person.affiliations, wall.b);
    });
}

/// Whether the change can have brought somebody to a side, or somebody on a side into rooms. Of a
/// group only what is above it counts here: whoever is put into it is touched as well.
bool moves_people(const DirectoryState& state, const WallView& after, const Touched& touched) {
    if (touched.policies || touched.walls || touched.topology)
        return true;
    return std::any_of(touched.principals.begin(), touched.principals.end(), [&](PrincipalId id) {
        const KnownPrincipal* now = after.principal(id);
        if (now == nullptr)
            return false;
        if (now->kind == PrincipalKind::user)
            return on_a_side(after.person(id), after.walls());
        const KnownPrincipal* before = state.principal(id);
        return before != nullptr &&
               (before->state != now->state || before->parents != now->parents);
    });
}

std::vector<const KnownRoom*> rooms_of(const WallView& after, const Touched& touched) {
    const std::unordered_set<RoomId> rooms{touched.rooms.begin(), touched.rooms.end()};
    const std::unordered_set<CategoryId> categories{
        touched.categories.begin(), touched.categories.end()};
    std::vector<const KnownRoom*> out;
    if (!categories.empty()) {
        after.each_room([&](const KnownRoom& room) {
            if (rooms.contains(room.room.id) || categories.contains(room.room.category))
                out.push_back(&room);
        });
        return out;
    }
    for (const RoomId id : rooms)
        if (const KnownRoom* room = after.room(id))
            out.push_back(room);
    return out;
}

std::vector<const KnownRoom*> all_rooms(const WallView& after) {
    std::vector<const KnownRoom*> out;
    after.each_room([&](const KnownRoom& room) { out.push_back(&room); });
    return out;
}

bool meets(const std::vector<KnownWall>& walls, WallId wall, const Person& person) {
    return std::any_of(walls.begin(), walls.end(), [&](const KnownWall& one) {
        return one.wall.id == wall &&
               (meet(person.affiliations, one.a) || meet(person.affiliations, one.b));
    });
}

bool admits(const WallView& view, Person person, RoomId id) {
    const KnownRoom* room = view.room(id);
    const KnownCategory* category = room == nullptr ? nullptr : view.category(room->room.category);
    if (category == nullptr || room->room.disabled)
        return false;
    person.policy_enabled = view.may_chat(person.id);
    return access(person.access_user(), facts(*category), facts(*room)).has(Right::join);
}

/// Somebody whom the room lets in as one of a side of the wall, and did not before.
std::optional<PrincipalId> newcomer(
    const WallView& before, const WallView& after, const WallCrowd& crowd, WallId wall, RoomId room
) {
    for (const auto* side : {&crowd.a, &crowd.b})
        for (const Person& person : *side) {
            if (!admits(after, person, room))
                continue;
            const Person was =
                before.principal(person.id) == nullptr ? Person{} : before.person(person.id);
            if (!meets(before.walls(), wall, was) || !admits(before, was, room))
                return person.id;
        }
    return std::nullopt;
}

tl::unexpected<Error> broken(const WallView& view, const Wall& wall, const WallBreach& breach) {
    std::string who = written(view, breach.a);
    if (breach.a == breach.b)
        who += ", who is on both sides";
    else
        who += " and " + written(view, breach.b);
    return fail_as(
        "wall-broken",
        Errc::conflict,
        fmt::format("wall '{}': room '{}' would let in {}", wall.name, breach.room_name, who),
        "keep one of them out of the room or its category; see: pchatctl wall get"
    );
}

}  // namespace

bool WallGuard::has_walls() const {
    return directory_.read([](const DirectoryState& state) { return !state.walls().empty(); });
}

Result<void> WallGuard::catch_up(
    ContentDatabase& content, std::chrono::steady_clock::time_point now
) {
    return logs_.with([&](LogReader& logs) -> Result<void> {
        Touched news;
        bool alone = false;
        bool lost = logs.knows_nothing() || now - caught_up_at_ > longest_unread;
        Result<void> done = content.read(
            "reading what other servers changed",
            [&](ContentTransaction& tx) -> Result<void> {
                news = {};
                const auto servers = tx.registry().list();
                if (!servers)
                    return pass(servers.error());
                alone = servers->size() <= 1;
                if (!alone && !lost) {
                    const auto whole = logs.read(tx, [&](const Server&, const LogBody& body) {
                        gather(news, body.touched);
                    });
                    if (!whole)
                        return pass(whole.error());
                    lost = !*whole;
                }
                return alone || lost ? logs.begin(tx) : Result<void>{};
            }
        );
        once_each(news);
        if (done && !alone && lost)
            done = directory_.load(content);
        else if (done && !news.empty())
            done = directory_.refresh(content, news);
        if (!done)
            logs.forget();
        else if (!alone && !lost)
            logs.keep();
        caught_up_at_ = now;
        return done;
    });
}

Result<Touched> WallGuard::elsewhere(ContentTransaction& tx) {
    return logs_.with([&](LogReader& logs) -> Result<Touched> {
        Touched out;
        const auto whole =
            logs.read(tx, [&](const Server&, const LogBody& body) { gather(out, body.touched); });
        if (!whole)
            return pass(whole.error());
        if (!*whole)
            return fail(
                Errc::conflict,
                "another server has changed much meanwhile, which walls depend on",
                "repeat the change"
            );
        return out;
    });
}

Result<void> WallGuard::check(ContentTransaction& tx, const Touched& touched) {
    if (touched.empty() || (!touched.walls && !has_walls()))
        return {};
    Result<Touched> all = elsewhere(tx);
    if (!all)
        return pass(std::move(all).error());
    gather(*all, touched);
    once_each(*all);
    Result<Reread> found = reread(tx, *all);
    if (!found)
        return pass(std::move(found).error());
    DirectoryState over{
        directory_.read([](const DirectoryState& state) { return state.home_as_set(); })};
    DirectoryLoader{over}.replace(*all, std::move(*found));
    return directory_.read([&](const DirectoryState& state) {
        const WallView after{state, over, *all};
        return check(state, after, touched, all->concerns_people());
    });
}

std::shared_ptr<const std::vector<WallCrowd>> WallGuard::crowds_now(const DirectoryState& state) {
    const std::uint64_t now = directory_.people_generation();
    auto crowds = kept_.with([&](const Kept& kept) {
        return kept.generation == now ? kept.crowds : nullptr;
    });
    if (crowds != nullptr)
        return crowds;
    crowds =
        std::make_shared<const std::vector<WallCrowd>>(crowds_of(WallView{state}, state.walls()));
    kept_.with([&](Kept& kept) { kept = {now, crowds}; });
    return crowds;
}

Result<void> WallGuard::check(
    const DirectoryState& state, const WallView& after, const Touched& touched, bool people
) {
    const bool moved = moves_people(state, after, touched);
    const std::vector<const KnownRoom*> rooms = moved ? all_rooms(after) : rooms_of(after, touched);
    if (rooms.empty())
        return {};
    const auto crowds =
        people ? std::make_shared<const std::vector<WallCrowd>>(crowds_of(after, after.walls()))
               : crowds_now(state);
    for (std::size_t i = 0; i < after.walls().size(); ++i) {
        const Wall& wall = after.walls()[i].wall;
        WallProof proof{after, (*crowds)[i]};
        for (const KnownRoom* room : rooms) {
            const std::optional<WallBreach> breach = proof.look(*room);
            if (!breach)
                continue;
            if (!was_so(state, wall.id, room->room.id) ||
                newcomer(WallView{state}, after, (*crowds)[i], wall.id, room->room.id))
                return broken(after, wall, *breach);
        }
    }
    return {};
}

bool WallGuard::was_so(const DirectoryState& state, WallId wall, RoomId room) {
    const std::vector<KnownWall>& walls = state.walls();
    const auto known = std::find_if(walls.begin(), walls.end(), [&](const KnownWall& one) {
        return one.wall.id == wall;
    });
    const KnownRoom* before = state.room(room);
    if (known == walls.end() || before == nullptr)
        return false;
    const auto crowds = crowds_now(state);
    const WallView view{state};
    return WallProof{view, (*crowds)[static_cast<std::size_t>(known - walls.begin())]}
        .look(*before)
        .has_value();
}

}  // namespace pchat

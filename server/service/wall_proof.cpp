// SPDX-License-Identifier: Apache-2.0
#include "server/service/wall_proof.h"

#include "server/service/principal_lookup.h"

namespace pchat {
namespace {

std::vector<WallPerson> people_of(const std::vector<Person>& side) {
    std::vector<WallPerson> out;
    out.reserve(side.size());
    for (const Person& one : side)
        out.push_back({one.id, one.access_user()});
    return out;
}

}  // namespace

std::vector<WallCrowd> crowds_of(const WallView& view, std::span<const KnownWall> walls) {
    std::vector<WallCrowd> out(walls.size());
    view.each_principal([&](const KnownPrincipal& one) {
        if (one.kind != PrincipalKind::user || one.state != PrincipalState::active)
            return;
        Person person = view.person(one.id);
        std::optional<bool> may_chat;
        for (std::size_t i = 0; i < walls.size(); ++i) {
            const bool on_a = meet(person.affiliations, walls[i].a);
            const bool on_b = meet(person.affiliations, walls[i].b);
            if (!on_a && !on_b)
                continue;
            if (!may_chat)
                person.policy_enabled = may_chat.emplace(view.may_chat(one.id));
            if (on_a)
                out[i].a.push_back(person);
            if (on_b)
                out[i].b.push_back(person);
        }
    });
    return out;
}

WallProof::WallProof(const WallView& view, const WallCrowd& crowd) : view_(view), crowd_(crowd) {}

WallProof::Sides& WallProof::sides_in(const KnownCategory& category) {
    const auto found = categories_.find(category.category.id);
    if (found != categories_.end())
        return found->second;
    const AccessCategory scope = facts(category);
    Sides sides{WallSide{people_of(crowd_.a), scope}, WallSide{people_of(crowd_.b), scope}};
    return categories_.emplace(category.category.id, std::move(sides)).first->second;
}

std::optional<WallBreach> WallProof::look(const KnownRoom& room) {
    ++rooms_;
    const KnownCategory* category = view_.category(room.room.category);
    if (category == nullptr)
        return std::nullopt;
    const Sides& sides = sides_in(*category);
    if (sides.a.shut_out() || sides.b.shut_out())
        return std::nullopt;
    const AccessRoom asked = facts(room);
    const auto a = sides.a.admitted_to(asked);
    const auto b = a ? sides.b.admitted_to(asked) : std::nullopt;
    if (!b)
        return std::nullopt;
    return WallBreach{room.room.id, room.room.uuid, room.room.name, *a, *b};
}

std::optional<WallBreach> WallProof::look_at_all() {
    std::optional<WallBreach> out;
    view_.each_room([&](const KnownRoom& room) {
        std::optional<WallBreach> found = look(room);
        if (found && (!out || found->room_name < out->room_name))
            out = std::move(found);
    });
    return out;
}

std::string written(const WallView& view, PrincipalId id) {
    const KnownPrincipal* known = view.principal(id);
    return known == nullptr ? std::string{} : known->written();
}

}  // namespace pchat

// SPDX-License-Identifier: Apache-2.0
#include "server/service/wall_view.h"

#include "server/service/person_of.h"

namespace pchat {

WallView::WallView(const DirectoryState& state, const DirectoryState& over, const Touched& touched)
    : base_(state), over_(&over), principals_(touched.principals.begin(), touched.principals.end()),
      categories_(touched.categories.begin(), touched.categories.end()),
      rooms_(touched.rooms.begin(), touched.rooms.end()), policies_(touched.policies),
      walls_(touched.walls), topology_(touched.topology) {}

const KnownPrincipal* WallView::principal(PrincipalId id) const {
    return principals_.contains(id) ? over_->principal(id) : base_.principal(id);
}

const KnownCategory* WallView::category(CategoryId id) const {
    return categories_.contains(id) ? over_->category(id) : base_.category(id);
}

const KnownRoom* WallView::room(RoomId id) const {
    return rooms_.contains(id) ? over_->room(id) : base_.room(id);
}

const std::vector<KnownWall>& WallView::walls() const {
    return walls_ ? over_->walls() : base_.walls();
}

Person WallView::person(PrincipalId id) const {
    const PrincipalId made = over_ == nullptr ? PrincipalId{} : over_->everyone();
    return person_of(id, made ? made : base_.everyone(), [this](PrincipalId one) {
        return principal(one);
    });
}

bool WallView::may_chat(PrincipalId id) const {
    const DirectoryState& settings = policies_ ? *over_ : base_;
    const KnownPrincipal* known = principal(id);
    const Home& home = (topology_ ? *over_ : base_).home();
    return known != nullptr && chat_enabled(*known, settings.policies(), settings.grants(), home);
}

void WallView::each_principal(const std::function<void(const KnownPrincipal&)>& visit) const {
    base_.each_principal([&](const KnownPrincipal& one) {
        if (!principals_.contains(one.id))
            visit(one);
    });
    if (over_ != nullptr)
        over_->each_principal(visit);
}

void WallView::each_room(const std::function<void(const KnownRoom&)>& visit) const {
    base_.each_room([&](const KnownRoom& one) {
        if (!rooms_.contains(one.room.id))
            visit(one);
    });
    if (over_ != nullptr)
        over_->each_room(visit);
}

}  // namespace pchat

// SPDX-License-Identifier: Apache-2.0
#include "server/domain/access.h"
#include "tests/support/catch.h"

#include <algorithm>

using namespace pchat;

namespace {

using Ids = std::vector<PrincipalId>;

constexpr PrincipalId everyone{1};
constexpr PrincipalId staff{20};
constexpr PrincipalId traders{30};
constexpr PrincipalId research{40};
constexpr PrincipalId ann{100};  // of staff and traders
constexpr PrincipalId bob{200};  // somebody else

// Ann, and a closed room of a category that allows staff; each test changes what it is about.
struct Scene {
    PrincipalState state = PrincipalState::active;
    bool policy = true;
    bool administers = false;
    Ids affiliations{everyone, staff, traders, ann};
    AccessCategory category;
    Ids allowed{staff};
    Ids denied;
    AccessRoom room;
    Ids members;
    Ids managers;
    Ids presenters;

    AccessDerivation explain() {
        category.allowed = allowed;
        category.denied = denied;
        room.members = members;
        room.managers = managers;
        room.presenters = presenters;
        const AccessUser user{state, policy, administers, affiliations};
        AccessDerivation derivation = explain_access(user, category, room);
        CHECK(derivation.rights == access(user, category, room));
        return derivation;
    }

    Rights rights() { return explain().rights; }

    AccessStep step(AccessRule rule) {
        const AccessDerivation derivation = explain();
        const auto found = std::find_if(
            derivation.steps.begin(),
            derivation.steps.end(),
            [&](const AccessStep& step) { return step.rule == rule; }
        );
        REQUIRE(found != derivation.steps.end());
        return *found;
    }
};

constexpr Rights nothing;
constexpr Rights reading = Right::view | Right::join | Right::history;
constexpr Rights managing = Right::view | Right::manage;

}  // namespace

TEST_CASE("access: without an enabled policy a user has nothing", "[access]") {
    Scene scene;
    scene.members = scene.managers = {ann};
    CHECK(scene.rights() == (reading | Right::chat | Right::manage));
    scene.policy = false;
    CHECK(scene.rights() == nothing);
}

TEST_CASE("access: whoever is disabled or gone has nothing, an administrator too", "[access]") {
    Scene scene;
    scene.members = scene.managers = {ann};
    scene.administers = true;
    scene.state = GENERATE(PrincipalState::disabled, PrincipalState::gone);
    CHECK(scene.rights() == nothing);
    CHECK(scene.explain().steps.size() == 1);
}

TEST_CASE("access: a disabled room is left to managers and administrators", "[access]") {
    Scene scene;
    scene.room.privacy = GENERATE(RoomPrivacy::open, RoomPrivacy::closed, RoomPrivacy::secret);
    scene.room.disabled = true;
    scene.category.invitations = scene.category.file_upload = true;
    scene.members = scene.presenters = {ann};
    CHECK(scene.rights() == nothing);
    scene.managers = {traders};
    CHECK(scene.rights() == managing);
    scene.managers = {};
    scene.administers = true;
    CHECK(scene.rights() == (managing | Right::administration));
}

TEST_CASE("access: the scope is what the category allows, through any affiliation", "[access]") {
    Scene scene;
    scene.room.privacy = RoomPrivacy::open;
    for (const PrincipalId entry : {everyone, staff, traders, ann}) {
        scene.allowed = {entry};
        CHECK(scene.rights() == (reading | Right::chat));
        CHECK(scene.step(AccessRule::allowed_in_category).entries == Ids{entry});
    }
    scene.allowed = {research, bob};
    CHECK(scene.rights() == nothing);
    scene.allowed = {};
    CHECK(scene.rights() == nothing);
}

TEST_CASE("access: denied wins, even over who is allowed by name", "[access]") {
    Scene scene;
    scene.room.privacy = RoomPrivacy::open;
    scene.allowed = {everyone, ann};
    scene.denied = {staff, traders, bob};
    scene.managers = scene.members = {ann};
    CHECK(scene.rights() == nothing);
    const AccessStep step = scene.step(AccessRule::denied_in_category);
    CHECK(step.holds);
    CHECK(step.entries == Ids{staff, traders});
}

TEST_CASE("access: a role outside the scope counts for nothing", "[access]") {
    Scene scene;
    scene.members = scene.managers = scene.presenters = {traders};
    CHECK(scene.rights() == (reading | Right::chat | Right::manage));
    scene.denied = {ann};  // the group is a member, she is kept out
    CHECK(scene.rights() == nothing);
    scene.denied = {};
    scene.allowed = {research};
    CHECK(scene.rights() == nothing);
}

TEST_CASE("access: open and closed rooms show to the scope, secret ones to members", "[access]") {
    Scene scene;
    scene.room.privacy = RoomPrivacy::open;
    CHECK(scene.rights() == (reading | Right::chat));
    scene.room.privacy = RoomPrivacy::closed;
    CHECK(scene.rights() == Rights{Right::view});
    scene.room.privacy = RoomPrivacy::secret;
    CHECK(scene.rights() == nothing);
    scene.managers = {ann};
    CHECK(scene.rights() == managing);
    scene.managers = {};
    scene.members = {ann};
    CHECK(scene.rights() == (reading | Right::chat));
}

TEST_CASE("access: only members join what is not open", "[access]") {
    Scene scene;
    scene.room.privacy = GENERATE(RoomPrivacy::closed, RoomPrivacy::secret);
    CHECK_FALSE(scene.rights().has(Right::join));
    scene.members = {traders, bob};
    CHECK(scene.rights().has(Right::join));
    CHECK(scene.step(AccessRule::member).entries == Ids{traders});
}

TEST_CASE("access: a manager neither reads nor posts without being a member", "[access]") {
    Scene scene;
    scene.managers = {ann};
    CHECK(scene.rights() == managing);
    scene.members = {ann};
    scene.room.type = RoomType::auditorium;
    CHECK(scene.rights() == (managing | reading));
}

TEST_CASE("access: presenters post in an auditorium, members read", "[access]") {
    Scene scene;
    scene.room.type = RoomType::auditorium;
    scene.category.file_upload = true;
    scene.members = {staff};
    CHECK(scene.rights() == reading);
    scene.presenters = {traders};
    CHECK(scene.rights() == (reading | Right::chat | Right::upload));
    scene.members = {};  // a presenter who is no member stays outside
    CHECK(scene.rights() == Rights{Right::view});
    scene.room.privacy = RoomPrivacy::open;
    CHECK(scene.rights() == (reading | Right::chat | Right::upload));
    scene.presenters = {bob};
    CHECK(scene.rights() == reading);
}

TEST_CASE("access: history, files and invitations hang on the category", "[access]") {
    Scene scene;
    scene.members = {ann};
    CHECK(scene.rights() == (reading | Right::chat));
    scene.category.history = false;
    CHECK(scene.rights() == (Right::view | Right::join | Right::chat));
    scene.category.file_upload = true;
    CHECK(scene.rights().has(Right::upload));
    CHECK_FALSE(scene.rights().has(Right::invitation));
    scene.category.invitations = true;
    CHECK(scene.rights().has(Right::invitation));
    scene.room.invitations = false;  // a room can only do without
    CHECK_FALSE(scene.rights().has(Right::invitation));
}

TEST_CASE("access: an administrator manages every room and must join like anybody", "[access]") {
    Scene scene;
    scene.room.privacy = RoomPrivacy::secret;
    scene.category.invitations = scene.category.file_upload = true;
    scene.administers = true;
    const Rights administering = managing | Right::administration;
    CHECK(scene.rights() == administering);
    scene.allowed = {};
    CHECK(scene.rights() == administering);
    scene.denied = {ann};
    CHECK(scene.rights() == administering);
    scene.policy = false;
    CHECK(scene.rights() == administering);

    scene = Scene{};
    scene.administers = true;
    scene.members = {ann};  // added itself
    CHECK(scene.rights() == (administering | reading | Right::chat));
}

TEST_CASE("access: the derivation says which answer gave which right", "[access]") {
    Scene scene;
    scene.managers = {traders};
    scene.members = {staff, ann};
    const auto steps = scene.explain().steps;
    std::vector<AccessRule> asked;
    for (const AccessStep& step : steps)
        asked.push_back(step.rule);
    CHECK(
        asked ==
        std::vector{
            AccessRule::user_active,
            AccessRule::administrator,
            AccessRule::policy_enabled,
            AccessRule::allowed_in_category,
            AccessRule::denied_in_category,
            AccessRule::manager,
            AccessRule::room_enabled,
            AccessRule::visible_to_scope,
            AccessRule::open_to_scope,
            AccessRule::member,
            AccessRule::everyone_posts,
            AccessRule::history_kept,
            AccessRule::file_upload_on,
            AccessRule::category_invitations}
    );
    CHECK(scene.step(AccessRule::manager).gives == managing);
    CHECK(scene.step(AccessRule::visible_to_scope).gives == Rights{Right::view});
    CHECK(scene.step(AccessRule::member).gives == (Right::view | Right::join));
    CHECK(scene.step(AccessRule::member).entries == Ids{staff, ann});
    CHECK(scene.step(AccessRule::everyone_posts).gives == Rights{Right::chat});
    CHECK(scene.step(AccessRule::file_upload_on).gives == nothing);
}

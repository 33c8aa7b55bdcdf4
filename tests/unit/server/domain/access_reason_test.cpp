// SPDX-License-Identifier: Apache-2.0
#include "server/domain/access_reason.h"
#include "tests/support/catch.h"

#include <set>
#include <string>

using namespace pchat;

namespace {

using Ids = std::vector<PrincipalId>;

const Ids me{{1}};
const Ids nobody;

AccessUser user() {
    return {PrincipalState::active, true, false, me};
}
AccessCategory category() {
    AccessCategory out;
    out.allowed = me;
    out.invitations = true;
    out.file_upload = true;
    return out;
}
AccessRoom room() {
    AccessRoom out;
    out.members = me;
    return out;
}

std::string why(
    Right right, const AccessUser& who, const AccessCategory& in, const AccessRoom& what
) {
    const AccessDerivation derivation = explain_access(who, in, what);
    for (const RightReason& reason : reasons(derivation))
        if (reason.right == right)
            return (reason.granted ? "+" : "-") +
                   std::string{to_string(derivation.steps[reason.step].rule)};
    return {};
}

}  // namespace

TEST_CASE("access reasons: what is given names who gave it first", "[access]") {
    CHECK(why(Right::view, user(), category(), room()) == "+visible-to-scope");
    CHECK(why(Right::join, user(), category(), room()) == "+member");
    CHECK(why(Right::chat, user(), category(), room()) == "+everyone-posts");
    CHECK(why(Right::history, user(), category(), room()) == "+history-kept");
    CHECK(why(Right::upload, user(), category(), room()) == "+file-upload-on");
    CHECK(why(Right::invitation, user(), category(), room()) == "+room-invitations");
    AccessRoom open = room();
    open.privacy = RoomPrivacy::open;
    CHECK(why(Right::join, user(), category(), open) == "+open-to-scope");
    AccessUser boss = user();
    boss.administers_rooms = true;
    CHECK(why(Right::manage, boss, category(), room()) == "+administrator");
}

TEST_CASE("access reasons: what is missing names what stood in the way", "[access]") {
    AccessUser gone = user();
    gone.state = PrincipalState::disabled;
    CHECK(why(Right::administration, gone, category(), room()) == "-user-active");
    AccessUser silent = user();
    silent.policy_enabled = false;
    CHECK(why(Right::chat, silent, category(), room()) == "-policy-enabled");
    CHECK(why(Right::administration, silent, category(), room()) == "-administrator");
    AccessCategory narrow = category();
    narrow.allowed = nobody;
    CHECK(why(Right::view, user(), narrow, room()) == "-allowed-in-category");
    narrow.denied = me;
    CHECK(why(Right::manage, user(), narrow, room()) == "-denied-in-category");
    AccessRoom secret = room();
    secret.privacy = RoomPrivacy::secret;
    secret.members = nobody;
    CHECK(why(Right::view, user(), category(), secret) == "-member");
    CHECK(why(Right::manage, user(), category(), secret) == "-manager");
    AccessRoom shut = room();
    shut.disabled = true;
    CHECK(why(Right::join, user(), category(), shut) == "-room-enabled");
    AccessRoom hall = room();
    hall.type = RoomType::auditorium;
    CHECK(why(Right::chat, user(), category(), hall) == "-presenter");
    CHECK(why(Right::upload, user(), category(), hall) == "-presenter");
    AccessCategory bare;
    bare.allowed = me;
    bare.history = false;
    CHECK(why(Right::history, user(), bare, room()) == "-history-kept");
    CHECK(why(Right::upload, user(), bare, room()) == "-file-upload-on");
    CHECK(why(Right::invitation, user(), bare, room()) == "-category-invitations");
    AccessRoom quiet = room();
    quiet.invitations = false;
    CHECK(why(Right::invitation, user(), category(), quiet) == "-room-invitations");
}

TEST_CASE("access reasons: every rule has words of its own", "[access]") {
    std::set<std::string_view> seen;
    for (int i = 0; i <= static_cast<int>(AccessRule::room_invitations); ++i) {
        const auto rule = static_cast<AccessRule>(i);
        CHECK(seen.insert(to_string(rule)).second);
        CHECK(seen.insert(phrase(rule, true)).second);
        CHECK(seen.insert(phrase(rule, false)).second);
    }
    CHECK(seen.count("") == 0);
}

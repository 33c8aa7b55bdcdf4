// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/service/estate_bank.h"

#include <algorithm>

using namespace pchat;
using namespace pchat::test;

namespace {

Texts actions(const std::vector<AuditEntry>& audit, std::size_t count) {
    Texts out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(audit[i].action + " " + audit[i].object_name);
    return out;
}

}  // namespace

TEST_CASE("estate apply: makes everything at once, and a second time nothing", "[estate]") {
    Bank bank;
    Estate wanted;
    wanted[EstateNoun::config].items = {
        item("global", {{"default_chat_history", std::int64_t{7}}})};
    wanted[EstateNoun::policy].items = {item("traders", {{"enable_persistent_chat", true}})};
    wanted[EstateNoun::grant].items = {
        item("SIP:Bob@contoso.example", {{"policy", text("Traders")}})};
    wanted[EstateNoun::addin].items = {item("Prices", {{"url", text("https://p.example/")}})};
    wanted[EstateNoun::category].items = {
        item("Trading", {{"allow", Texts{"group:traders"}}, {"file_upload", true}})};
    wanted[EstateNoun::room].items = {item(
        "Floor",
        {{"category", text("trading")},
         {"addin", text("prices")},
         {"privacy", text("secret")},
         {"members", Texts{"group:TRADERS", "group:traders"}}}
    )};
    wanted[EstateNoun::wall].items = {
        item("W", {{"a", Texts{"group:research"}}, {"b", Texts{"group:traders"}}})};
    const std::size_t before = bank.world.audit().size();
    const auto planned = bank.plan(wanted);
    REQUIRE_OK(planned);
    CHECK(planned->steps.size() == 7);
    CHECK(bank.world.audit().size() == before);
    CHECK_FALSE(bank.world.has_room("Floor"));

    const auto done = bank.apply(wanted, planned->plan);
    REQUIRE_OK(done);
    REQUIRE(done->problems.empty());
    const auto audit = bank.world.audit();
    REQUIRE(audit.size() == before + 7);
    Texts made = actions(audit, 7);
    std::sort(made.begin(), made.end());
    CHECK(
        made ==
        Texts{
            "addin.create Prices",
            "category.create Trading",
            "config.create global",
            "policy.create tag:traders",
            "policy.grant bob@contoso.example",
            "room.create Floor",
            "wall.create W"}
    );
    const KnownRoom floor = bank.world.room_now("Floor");
    CHECK(floor.room.privacy == RoomPrivacy::secret);
    CHECK(floor.room.addin.has_value());
    CHECK(floor.members == std::vector{bank.traders});
    REQUIRE_FALSE(bank.world.heard.touched.empty());
    CHECK(bank.world.heard.touched.back().walls);

    const auto again = bank.apply(wanted);
    REQUIRE_OK(again);
    CHECK(again->steps.empty());
    CHECK(bank.world.audit().size() == before + 7);
}

TEST_CASE("estate apply: one bad item leaves nothing of the others", "[estate]") {
    Bank bank;
    Estate wanted;
    wanted[EstateNoun::category].items = {item("Trading", {{"allow", Texts{"group:traders"}}})};
    wanted[EstateNoun::room].items = {
        item("Floor", {{"category", text("Trading")}}),
        item("Bad", {{"category", text("Trading")}, {"members", Texts{sip("ann")}}})};
    const std::size_t before = bank.world.audit().size();
    const auto done = bank.apply(wanted);
    REQUIRE_OK(done);
    CHECK(done->steps.empty());
    REQUIRE(done->problems.size() == 1);
    CHECK(done->problems[0].noun == EstateNoun::room);
    CHECK(done->problems[0].item == 1);
    CHECK(done->problems[0].field == "members");
    CHECK(done->problems[0].error.reason == "principals-not-in-scope");
    CHECK_THAT(done->problems[0].error.message, Catch::Contains("room 'Bad'"));
    CHECK_FALSE(bank.world.has_room("Floor"));
    CHECK(bank.world.audit().size() == before);
}

TEST_CASE("estate apply: a wall refuses all of it", "[estate]") {
    Bank bank;
    Estate wanted = one_room(item("Floor", {{"category", text("Bank")}}));
    wanted[EstateNoun::wall].items = {
        item("W", {{"a", Texts{"group:research"}}, {"b", Texts{"group:traders"}}})};
    REQUIRE_OK(bank.apply(wanted));
    wanted[EstateNoun::room].items[0].has["disabled"] = false;
    wanted[EstateNoun::room].items.push_back(
        item("Lab", {{"members", Texts{"group:research", "group:traders"}}})
    );
    wanted[EstateNoun::room].items.push_back(item("Third", {{"category", text("Bank")}}));
    REQUIRE_ERR(bank.apply(wanted), Errc::conflict, "room 'Lab' would let in");
    CHECK_FALSE(bank.world.has_room("Third"));
    CHECK(bank.members("Lab") == Texts{"group:research"});
}

TEST_CASE("estate apply: what cannot be meant is found all at once", "[estate]") {
    Bank bank;
    Estate wanted;
    wanted[EstateNoun::category].items = {item("Trading"), item("TRADING")};
    wanted[EstateNoun::room].items = {
        item("trading"),
        item(
            "R", {{"category", text("Bnk")}, {"members", Texts{sip("ann"), "group:reserch", "who"}}}
        ),
        item("S", {{"addin", text("Prices")}})};
    wanted[EstateNoun::grant].items = {item(sip("bob"), {{"policy", text("traders")}})};
    const auto done = bank.apply(wanted);
    REQUIRE_OK(done);
    Texts found;
    for (const EstateProblem& one : done->problems)
        found.push_back(
            std::string{estate_shape(one.noun).section} + std::to_string(one.item) + " " +
            std::string{one.field} + " " + std::string{one.error.reason} + " " + one.value
        );
    std::sort(found.begin(), found.end());
    CHECK(
        found ==
        Texts{
            "categories1 name named-twice ",
            "grants0 policy policy-not-found ",
            "rooms0 name named-twice ",
            "rooms1 category category-not-found ",
            "rooms1 members bad-value who",
            "rooms1 members principal-not-found group:reserch",
            "rooms2 addin addin-not-found "}
    );
    const auto category =
        std::find_if(done->problems.begin(), done->problems.end(), [](const EstateProblem& one) {
            return one.field == "category";
        });
    REQUIRE(category != done->problems.end());
    CHECK(category->error.hint == "did you mean 'Bank'?");
}

TEST_CASE("estate apply: prune takes rooms away together with their category", "[estate]") {
    Bank bank;
    bank.world.post(bank.world.user("ann"), bank.world.room_now("Lab").room.id, "hello");
    Estate wanted;
    wanted[EstateNoun::category].items = {item("General")};
    wanted[EstateNoun::category].prune = true;
    wanted[EstateNoun::room].prune = true;
    const auto planned = bank.plan(wanted);
    REQUIRE_OK(planned);
    REQUIRE(planned->steps.size() == 2);
    CHECK(planned->steps[0].change.name == "Lab");
    REQUIRE(planned->steps[0].losses.size() == 2);
    CHECK(planned->steps[0].losses[0].kind == "messages");
    CHECK(planned->steps[0].losses[0].messages == 1);
    CHECK(planned->steps[0].losses[1].principal == "group:research");
    CHECK(bank.world.has_room("Lab"));
    REQUIRE_OK(bank.apply(wanted));
    CHECK_FALSE(bank.world.has_room("Lab"));
    const Estate all = read_estate(*bank.world.chat).value();
    CHECK(all[EstateNoun::category].items.size() == 1);
    wanted[EstateNoun::category].items.clear();
    wanted[EstateNoun::room].items = {item("New", {{"category", text("General")}})};
    REQUIRE_ERR(bank.apply(wanted), Errc::conflict, "has rooms");
    CHECK_FALSE(bank.world.has_room("New"));
}

TEST_CASE("estate apply: nobody loses a place that is theirs before and after", "[estate]") {
    Bank bank;
    Estate wanted;
    wanted[EstateNoun::category].items = {
        item("Bank", {{"allow", Texts{"group:traders"}}}),
        item("Research", {{"allow", Texts{"group:research"}}})};
    wanted[EstateNoun::room].items = {item("Lab", {{"category", text("Research")}})};
    const auto done = bank.apply(wanted);
    REQUIRE_OK(done);
    CHECK(bank.members("Lab") == Texts{"group:research"});
    for (const EstateStep& step : done->steps)
        for (const EstateLoss& loss : step.losses)
            CHECK(loss.kind == "access");  // to rooms that come to Bank later
}

TEST_CASE("estate apply: what a category takes away is told", "[estate]") {
    Bank bank;
    Estate wanted;
    wanted[EstateNoun::category].items = {
        item("Bank", {{"deny", Texts{"group:research"}}, {"history", false}})};
    const auto planned = bank.plan(wanted);
    REQUIRE_OK(planned);
    Texts kinds;
    for (const EstateStep& step : planned->steps)
        for (const EstateLoss& one : step.losses)
            kinds.push_back(std::string{one.kind} + " " + one.name + " " + one.principal);
    std::sort(kinds.begin(), kinds.end());
    CHECK(
        kinds ==
        Texts{"access Bank group:research", "history Bank ", "membership Lab group:research"}
    );
    CHECK(bank.members("Lab") == Texts{"group:research"});
}

TEST_CASE("estate apply: an estate that contradicts itself is refused", "[estate]") {
    Bank bank;
    Estate wanted;
    wanted[EstateNoun::category].items = {item("Bank", {{"allow", Texts{"group:traders"}}})};
    wanted[EstateNoun::room].items = {item("Lab", {{"members", Texts{"group:research"}}})};
    REQUIRE_ERR(
        bank.apply(wanted), Errc::conflict, "room 'Lab': members would lack group:research"
    );
    CHECK(bank.members("Lab") == Texts{"group:research"});
}

TEST_CASE("estate export: planned against the same pool it changes nothing", "[estate]") {
    Bank bank;
    Estate wanted = one_room(item("Hall", {{"category", text("Bank")}, {"privacy", text("open")}}));
    wanted[EstateNoun::addin].items = {
        item("Plain", {{"url", text("http://p.example/")}, {"allow_http", true}})};
    wanted[EstateNoun::policy].items = {item("traders")};
    wanted[EstateNoun::grant].items = {item(sip("bob"), {{"policy", text("traders")}})};
    REQUIRE_OK(bank.apply(wanted));
    Estate all = read_estate(*bank.world.chat).value();
    for (EstateSection& section : all.sections)
        section.prune = true;
    const auto planned = bank.plan(all);
    REQUIRE_OK(planned);
    CHECK(planned->problems.empty());
    CHECK(planned->steps.empty());
}

TEST_CASE("estate apply: members are invited once it is committed", "[estate]") {
    Bank bank;
    Estate wanted =
        one_room(item("Floor", {{"category", text("General")}, {"members", Texts{sip("bob")}}}));
    REQUIRE_OK(bank.plan(wanted));
    CHECK(bank.world.heard.invitations.empty());
    REQUIRE_OK(bank.apply(wanted));
    REQUIRE(bank.world.heard.invitations.size() == 1);
    CHECK(bank.world.heard.invitations[0].user == bank.world.user("bob"));
}

TEST_CASE("estate apply: whom it shuts out is not told of the rooms that it makes", "[estate]") {
    Bank bank;
    Estate wanted =
        one_room(item("Deals", {{"category", text("Bank")}, {"privacy", text("open")}}));
    wanted[EstateNoun::category].items = {
        item("Bank", {{"deny", Texts{"group:traders"}}, {"invitations", true}})};
    REQUIRE_OK(bank.apply(wanted));
    REQUIRE(bank.world.heard.invitations.size() == 1);
    CHECK(bank.world.heard.invitations[0].user == bank.world.user("ann"));
    const PrincipalId bob = bank.world.user("bob");
    bank.world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto rows = tx.invitations().after(bob, 0, 10);
        REQUIRE_OK(rows);
        CHECK(rows->empty());
        return {};
    });

    Bank quiet;
    wanted[EstateNoun::category].items[0].has["invitations"] = false;
    REQUIRE_OK(quiet.apply(wanted));
    CHECK(quiet.world.heard.invitations.empty());
}

TEST_CASE("estate apply: a category goes when its rooms are erased", "[estate]") {
    Bank bank;
    REQUIRE_OK(remove_room(*bank.world.changes, bank.world.as("admin"), "Lab"));
    Estate wanted;
    wanted[EstateNoun::category].items = {item("General")};
    wanted[EstateNoun::category].prune = true;
    REQUIRE_ERR(bank.apply(wanted), Errc::conflict, "category 'Bank' had rooms");
}

TEST_CASE("estate apply: each section needs the role of its things", "[estate]") {
    ChatWorld world;
    world.grant(world.user("people"), AdminRole::user_admin);
    world.grant(world.user("rooms"), AdminRole::pchat_admin);
    const auto may = [&](const std::string& who, EstateNoun noun) {
        Estate wanted;
        wanted[noun].prune = true;
        return may_apply(world.as(who).person, wanted).has_value();
    };
    for (const EstateNoun noun : estate_nouns) {
        const bool shared = noun == EstateNoun::policy;
        CHECK(may("admin", noun));
        CHECK(may("people", noun) == (shared || noun == EstateNoun::grant));
        CHECK(may("rooms", noun) == (shared || noun != EstateNoun::grant));
    }
}

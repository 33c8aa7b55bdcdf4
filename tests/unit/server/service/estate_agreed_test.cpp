// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/service/estate_bank.h"

using namespace pchat;
using namespace pchat::test;

TEST_CASE("estate apply: only the plan that was agreed to is carried out", "[estate]") {
    Bank bank;
    const Estate wanted = one_room(item("Lab", {{"members", Texts{}}}));
    const auto planned = bank.plan(wanted);
    REQUIRE_OK(planned);
    RoomFields more;
    more.members.add = {sip("bob")};
    REQUIRE_OK(change_room(*bank.world.changes, bank.world.as("admin"), "Lab", more));
    REQUIRE_ERR(bank.apply(wanted, planned->plan), Errc::conflict, "since the plan was made");
    CHECK(bank.members("Lab").size() == 2);
    REQUIRE_OK(bank.apply(wanted, bank.plan(wanted)->plan));
    CHECK(bank.members("Lab").empty());
}

TEST_CASE(
    "estate apply: a plan that takes more away than was agreed to is another one", "[estate]"
) {
    Bank bank;
    Estate wanted;
    wanted[EstateNoun::category].items = {item("Bank", {{"deny", Texts{"group:traders"}}})};
    const auto planned = bank.plan(wanted);
    REQUIRE_OK(planned);
    RoomFields more;
    more.members.add = {sip("bob")};
    REQUIRE_OK(change_room(*bank.world.changes, bank.world.as("admin"), "Lab", more));
    REQUIRE_ERR(bank.apply(wanted, planned->plan), Errc::conflict, "since the plan was made");
    CHECK(bank.members("Lab").size() == 2);
    REQUIRE_OK(bank.apply(wanted, bank.plan(wanted)->plan));
    CHECK(bank.members("Lab") == Texts{"group:research"});
}

TEST_CASE("estate apply: what is as it should be keeps nobody from writing", "[estate]") {
    Bank bank;
    Estate wanted = one_room(item("Lab", {{"members", Texts{"group:research"}}}));
    const auto planned = bank.plan(wanted);
    REQUIRE_OK(planned);
    CHECK(planned->steps.empty());
    CHECK_FALSE(planned->plan.empty());
    // Inside a transaction that writes nobody else can: that would wait for ever.
    bank.world.write([&](ContentTransaction&) -> Result<void> {
        REQUIRE_OK(bank.apply(wanted, planned->plan));
        wanted[EstateNoun::room].items[0].has["members"] = Texts{"group:nowhere"};
        CHECK(bank.plan(wanted)->problems.size() == 1);
        return {};
    });
}

TEST_CASE("estate plan: is shown to whoever may look at the pool", "[estate]") {
    Bank bank;
    bank.world.grant(bank.world.user("ron"), AdminRole::viewer);
    AdminCall call = bank.world.as("ron");
    call.dry_run = true;
    Estate wanted = one_room(item("New", {{"category", text("Bank")}}));
    wanted[EstateNoun::policy].items = {item("traders")};
    wanted[EstateNoun::grant].items = {item(sip("bob"), {{"policy", text("traders")}})};
    const auto planned = apply_estate(*bank.world.changes, call, wanted);
    REQUIRE_OK(planned);
    CHECK(planned->steps.size() == 3);
    CHECK_FALSE(bank.world.has_room("New"));
    CHECK(planned->plan == bank.plan(wanted)->plan);
}

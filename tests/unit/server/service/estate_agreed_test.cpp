// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/server/service/estate_bank.h"

#include <memory>

using namespace pchat;
using namespace pchat::test;

namespace {

class CountedWrites : public ContentDatabase {
public:
    Result<void> read(std::string_view doing, const ContentWork& work) override {
        return inner_->read(doing, work);
    }
    Result<void> write(std::string_view doing, const ContentWork& work) override {
        ++writes;
        return inner_->write(doing, work);
    }

    int writes = 0;

private:
    std::unique_ptr<ContentDatabase> inner_ = memory_content();
};

}  // namespace

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
    auto counted = std::make_unique<CountedWrites>();
    const int& writes = counted->writes;
    ChatWorld world{nullptr, std::move(counted)};
    world.room("Lab", "General");
    const Estate wanted = one_room(item("Lab", {{"privacy", text("closed")}}));
    const AdminCall admin = world.as("admin");
    const int before = writes;
    const auto same = apply_estate(*world.changes, admin, wanted);
    REQUIRE_OK(same);
    CHECK(same->steps.empty());
    CHECK_FALSE(same->plan.empty());
    REQUIRE_OK(apply_estate(*world.changes, admin, wanted, same->plan));
    const Estate wrong = one_room(item("Lab", {{"members", Texts{"group:nowhere"}}}));
    CHECK(apply_estate(*world.changes, admin, wrong)->problems.size() == 1);
    CHECK(writes == before);
    REQUIRE_OK(apply_estate(*world.changes, admin, one_room(item("LAB"))));
    CHECK(writes > before);
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

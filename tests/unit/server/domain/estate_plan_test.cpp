// SPDX-License-Identifier: Apache-2.0
#include "server/domain/estate_plan.h"
#include "server/domain/name.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <random>

using namespace pchat;

namespace {

using Texts = std::vector<std::string>;

EstateItem item(std::string name, std::map<std::string_view, EstateValue> has = {}) {
    EstateItem out = estate_item(std::move(name));
    out.has = std::move(has);
    return out;
}

std::string_view word(EstateAction action) {
    return action == EstateAction::create ? "+" : action == EstateAction::set ? "~" : "-";
}

/// "+ room Lobby": what a plan does, in its order.
Texts lines(const std::vector<EstateChange>& plan) {
    Texts out;
    for (const EstateChange& one : plan)
        out.push_back(
            std::string{word(one.action)} + " " + std::string{estate_shape(one.noun).word} + " " +
            one.name
        );
    return out;
}

/// A pool without rules: does as it is told.
void carry_out(const EstateChange& change, Estate& pool) {
    std::vector<EstateItem>& items = pool[change.noun].items;
    const std::string key = name_key(change.name);
    const auto there = std::find_if(items.begin(), items.end(), [&](const EstateItem& one) {
        return one.key == key;
    });
    if (change.action == EstateAction::remove) {
        REQUIRE(there != items.end());
        items.erase(there);
        return;
    }
    REQUIRE((there == items.end()) == (change.action == EstateAction::create));
    EstateItem& changed = there == items.end() ? items.emplace_back(item(change.name)) : *there;
    for (const EstateDifference& field : change.fields) {
        if (field.field == estate_shape(change.noun).name_key)
            changed.name = std::get<std::string>(*field.after);
        else
            changed.has[field.field] = *field.after;
    }
}

class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}

    bool flip() { return roll(2) == 0; }
    int roll(int sides) { return std::uniform_int_distribution<int>{0, sides - 1}(random_); }

    EstateValue value(const EstateField& field) {
        switch (field.kind) {
        case EstateKind::flag:
            return flip();
        case EstateKind::number:
            return std::int64_t{roll(3)};
        case EstateKind::principals: {
            Texts out;
            for (const char* one : {"everyone", "group:a", "group:b", "sip:c@d.example"})
                if (flip())
                    out.emplace_back(one);
            return out;
        }
        default:
            return std::string(static_cast<std::size_t>(roll(3)), 'x');
        }
    }

    /// Each thing with all its fields.
    Estate estate() {
        Estate out;
        for (const EstateNoun noun : estate_nouns)
            for (char letter = 'a'; letter < 'e'; ++letter) {
                if (flip())
                    continue;
                const char shown = estate_shape(noun).respelled && flip()
                                       ? static_cast<char>(letter - 32)
                                       : letter;
                EstateItem made = item(std::string(1, shown));
                for (const EstateField& field : estate_shape(noun).fields)
                    if (!field.permission)
                        made.has[field.key] = value(field);
                out[noun].items.push_back(std::move(made));
            }
        return out;
    }

private:
    std::mt19937 random_;
};

bool same(const Estate& a, const Estate& b) {
    for (const EstateNoun noun : estate_nouns) {
        const auto equal = [](const EstateItem& x, const EstateItem& y) {
            return x.name == y.name && x.has == y.has;
        };
        const auto& left = a[noun].items;
        const auto& right = b[noun].items;
        if (!std::equal(left.begin(), left.end(), right.begin(), right.end(), equal))
            return false;
    }
    return true;
}

}  // namespace

TEST_CASE("estate plan: carried out, it makes of one estate the other", "[estate]") {
    for (unsigned seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        Dice dice{seed};
        Estate pool = dice.estate();
        Estate wanted = dice.estate();
        for (EstateSection& section : wanted.sections)
            section.prune = true;
        for (const EstateChange& change : plan_estate(wanted, pool))
            carry_out(change, pool);
        REQUIRE(lines(plan_estate(wanted, pool)) == Texts{});
        sort(pool);
        sort(wanted);
        REQUIRE(same(pool, wanted));
    }
}

TEST_CASE("estate plan: what is not mentioned stays as it is", "[estate]") {
    for (unsigned seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        Dice dice{seed};
        const Estate before = dice.estate();
        Estate pool = before;
        Estate wanted = dice.estate();
        for (EstateSection& section : wanted.sections)
            for (EstateItem& one : section.items)
                std::erase_if(one.has, [&](const auto&) { return dice.flip(); });
        for (const EstateChange& change : plan_estate(wanted, pool)) {
            REQUIRE(change.action != EstateAction::remove);
            carry_out(change, pool);
        }
        REQUIRE(lines(plan_estate(wanted, pool)) == Texts{});
        for (const EstateNoun noun : estate_nouns)
            for (const EstateItem& old : before[noun].items) {
                const EstateItem* now = pool.find(noun, old.key);
                REQUIRE(now != nullptr);
                const EstateItem* asked = wanted.find(noun, old.key);
                for (const auto& [field, value] : old.has)
                    if (asked == nullptr || asked->find(field) == nullptr)
                        REQUIRE(*now->find(field) == value);
            }
    }
}

TEST_CASE("estate plan: what others need comes first, what goes comes last", "[estate]") {
    Estate wanted;
    wanted[EstateNoun::wall].items = {item("W")};
    wanted[EstateNoun::room].items = {item("Lab", {{"category", std::string{"New"}}})};
    wanted[EstateNoun::room].prune = true;
    wanted[EstateNoun::category].items = {item("New")};
    wanted[EstateNoun::category].prune = true;
    wanted[EstateNoun::grant].items = {item("sip:a@b.example")};
    wanted[EstateNoun::policy].items = {item("tag:new")};
    wanted[EstateNoun::policy].prune = true;
    wanted[EstateNoun::addin].items = {item("Page")};
    wanted[EstateNoun::addin].prune = true;
    Estate found;
    found[EstateNoun::addin].items = {item("Old page")};
    found[EstateNoun::category].items = {item("Old")};
    found[EstateNoun::room].items = {item("Old room")};
    found[EstateNoun::policy].items = {item("tag:old")};
    CHECK(
        lines(plan_estate(wanted, found)) ==
        Texts{
            "+ addin Page",
            "+ category New",
            "+ policy tag:new",
            "+ room Lab",
            "+ grant sip:a@b.example",
            "+ wall W",
            "- room Old room",
            "- category Old",
            "- policy tag:old",
            "- addin Old page",
        }
    );
}

TEST_CASE("estate plan: a category widens before the rooms and narrows behind them", "[estate]") {
    const auto category = [](Texts allow, Texts deny) {
        return item("C", {{"allow", std::move(allow)}, {"deny", std::move(deny)}});
    };
    Estate found;
    found[EstateNoun::category].items = {category({"group:a", "group:b"}, {"group:x"})};
    found[EstateNoun::room].items = {item("R", {{"disabled", false}})};
    Estate wanted;
    wanted[EstateNoun::room].items = {item("R", {{"disabled", true}})};
    const auto plan_with = [&](Texts allow, Texts deny) {
        wanted[EstateNoun::category].items = {category(std::move(allow), std::move(deny))};
        return plan_estate(wanted, found);
    };
    CHECK(
        lines(plan_with({"group:a", "group:b", "group:c"}, {"group:x"})) ==
        Texts{"~ category C", "~ room R"}
    );
    CHECK(lines(plan_with({"group:a", "group:b"}, {})) == Texts{"~ category C", "~ room R"});
    CHECK(lines(plan_with({"group:a"}, {"group:x"})) == Texts{"~ room R", "~ category C"});
    CHECK(
        lines(plan_with({"group:a", "group:b"}, {"group:x", "group:y"})) ==
        Texts{"~ room R", "~ category C"}
    );
    const auto both = plan_with({"group:b", "group:c"}, {"group:y"});
    REQUIRE(lines(both) == Texts{"~ category C", "~ room R", "~ category C"});
    CHECK(both[0].find("allow")->added() == Texts{"group:c"});
    CHECK(both[0].find("allow")->removed() == Texts{});
    CHECK(both[0].find("deny")->removed() == Texts{"group:x"});
    CHECK(both[2].find("allow")->removed() == Texts{"group:a"});
    CHECK(both[2].find("deny")->added() == Texts{"group:y"});
}

TEST_CASE(
    "estate plan: the settings of a category come before the rooms that go by them", "[estate]"
) {
    Estate found;
    found[EstateNoun::category].items = {
        item("C", {{"deny", Texts{}}, {"creators", Texts{}}, {"invitations", true}})};
    Estate wanted;
    wanted[EstateNoun::category].items = {item(
        "C", {{"deny", Texts{"group:x"}}, {"creators", Texts{"group:a"}}, {"invitations", false}}
    )};
    wanted[EstateNoun::room].items = {item("R")};
    const auto plan = plan_estate(wanted, found);
    REQUIRE(lines(plan) == Texts{"~ category C", "+ room R", "~ category C"});
    CHECK(plan[0].fields.size() == 1);
    CHECK(plan[0].find("invitations") != nullptr);
    CHECK(plan[2].fields.size() == 2);
}

TEST_CASE(
    "estate plan: a reference in other letters is the same, a name is respelled", "[estate]"
) {
    Estate found;
    found[EstateNoun::room].items = {item("Lobby", {{"category", std::string{"General"}}})};
    Estate wanted;
    wanted[EstateNoun::room].items = {item("Lobby", {{"category", std::string{"GENERAL"}}})};
    CHECK(plan_estate(wanted, found).empty());
    wanted[EstateNoun::room].items = {item("LOBBY")};
    const auto plan = plan_estate(wanted, found);
    REQUIRE(lines(plan) == Texts{"~ room Lobby"});
    CHECK(plan[0].find("name")->after == EstateValue{std::string{"LOBBY"}});
    CHECK(plan[0].item == 0U);
}

TEST_CASE("estate plan: what says only what may be written makes no difference", "[estate]") {
    Estate found;
    found[EstateNoun::addin].items = {item("A", {{"url", std::string{"http://a.example/"}}})};
    Estate wanted;
    wanted[EstateNoun::addin].items = {item("A", {{"allow_http", true}})};
    CHECK(plan_estate(wanted, found).empty());
    wanted[EstateNoun::addin].items[0].has["url"] = std::string{"http://b.example/"};
    const auto plan = plan_estate(wanted, found);
    REQUIRE(plan.size() == 1);
    CHECK(plan[0].fields.size() == 1);
    CHECK(plan[0].allow_http == true);
}

TEST_CASE("estate plan: the global policy and settings are never pruned", "[estate]") {
    Estate found;
    found[EstateNoun::policy].items = {item("global"), item("site:hq")};
    found[EstateNoun::config].items = {item("global")};
    Estate wanted;
    wanted[EstateNoun::policy].prune = true;
    wanted[EstateNoun::config].prune = true;
    CHECK(lines(plan_estate(wanted, found)) == Texts{"- policy site:hq"});
}

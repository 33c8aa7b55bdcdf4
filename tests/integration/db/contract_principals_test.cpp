// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "tests/integration/db/contract.h"

#include <limits>
#include <tuple>

using namespace pchat;
using namespace pchat::test;

namespace {

using Ids = std::vector<PrincipalId>;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

Principal a_group(std::int64_t id, const std::string& name) {
    Principal out = a_user(id, name);
    out.kind = PrincipalKind::group;
    return out;
}

ContentWork insert(std::vector<Principal> principals) {
    return [principals = std::move(principals)](ContentTransaction& tx) {
        return tx.principals().insert(principals);
    };
}

ContentWork update(const Principal& principal) {
    return [principal](ContentTransaction& tx) { return tx.principals().update(principal); };
}

std::optional<Principal> find(Content& content, std::int64_t id) {
    return content.read([&](ContentTransaction& tx) {
        return tx.principals().find(PrincipalId{id});
    });
}

auto fields(const Principal& p) {
    return std::tuple_cat(
        std::tie(p.id, p.uuid, p.kind, p.source, p.state, p.name_key, p.name, p.name_sort),
        std::tie(p.display_name, p.email, p.company, p.site, p.dn, p.dn_key, p.external_id),
        std::tie(p.verified_at, p.revision, p.created_at, p.updated_at)
    );
}

std::string repeated(const std::string& text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

}  // namespace

TEST_CASE("principals: every field comes back, found by whatever names it", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    Principal wanted = a_user(most, repeated("\xF0\x9F\xA6\x89", 384));  // as long as it may be
    wanted.uuid = uuid_of(1);
    wanted.source = PrincipalSource::directory;
    wanted.state = PrincipalState::disabled;
    wanted.display_name = repeated("\xE4\xB8\xAD", 256);
    wanted.email = "";
    wanted.company = "Contoso \xF0\xA0\x80\x80";
    wanted.site = "Z\xC3\xBCrich";
    wanted.dn = "CN=Ann,OU=\xC3\x84rzte,DC=contoso,DC=example";
    wanted.dn_key = name_key(*wanted.dn);
    wanted.external_id = "0f8fad5b-d9cb-469f-a165-70867728950e";
    wanted.verified_at = most;
    wanted.revision = 7;
    wanted.created_at = 1'700'000'000'000'001;
    wanted.updated_at = most;
    content.write(insert({wanted, a_user(2, "ben@contoso.example")}));
    const auto check = [&](auto&& get) {
        const auto found = content.read(get);
        REQUIRE(found);
        CHECK((fields(*found) == fields(wanted)));
    };
    check([&](ContentTransaction& tx) { return tx.principals().find(wanted.id); });
    check([&](ContentTransaction& tx) { return tx.principals().find_uuid(wanted.uuid); });
    check([&](ContentTransaction& tx) {
        return tx.principals().find_name(PrincipalKind::user, wanted.name_key);
    });
    check([&](ContentTransaction& tx) { return tx.principals().find_dn(*wanted.dn_key); });
    check([&](ContentTransaction& tx) { return tx.principals().find_external(*wanted.external_id); }
    );
}

TEST_CASE("principals: what is not there is absent, what is empty is empty", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    Principal empty = a_user(1, "ann@contoso.example");
    empty.dn = "";
    content.write(insert({empty, a_user(2, "ben@contoso.example")}));
    CHECK(find(content, 1)->dn == "");
    CHECK_FALSE(find(content, 1)->dn_key);
    CHECK_FALSE(find(content, 2)->dn);
    CHECK_FALSE(find(content, 2)->external_id);
    CHECK_FALSE(find(content, 2)->verified_at);
    CHECK_FALSE(find(content, 3));
    CHECK_FALSE(content.read([](ContentTransaction& tx) {
        return tx.principals().find_uuid(uuid_of(3));
    }));
    CHECK_FALSE(content.read([](ContentTransaction& tx) {
        return tx.principals().find_name(PrincipalKind::group, name_key("ann@contoso.example"));
    }));
    CHECK_FALSE(content.read([](ContentTransaction& tx) { return tx.principals().find_dn(""); }));
    CHECK_FALSE(content.read([](ContentTransaction& tx) {
        return tx.principals().find_external("");
    }));
}

TEST_CASE("principals: names are unique in their kind, whatever their case", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    Principal known = a_user(
        1,
        "Stra\xC3\x9F"
        "e@contoso.example"
    );
    known.dn_key = name_key("CN=Ann");
    known.external_id = "one";
    content.write(insert({known}));
    content.write(insert({a_group(2, "strasse@contoso.example")}));

    Principal same_uuid = a_user(3, "cat@contoso.example");
    same_uuid.uuid = known.uuid;
    Principal same_dn = a_user(3, "cat@contoso.example");
    same_dn.dn_key = name_key("cn=ann");
    Principal same_external = a_user(3, "cat@contoso.example");
    same_external.external_id = "one";
    for (const Principal& taken :
         {a_user(3, "STRASSE@CONTOSO.example"), same_uuid, same_dn, same_external})
        REQUIRE_ERR(content.try_write(insert({taken})), Errc::conflict, "");
    content.write(insert({a_user(3, "cat@contoso.example")}));
}

TEST_CASE("principals: of many with one that is taken, none stays", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<Principal> many;
    for (std::int64_t id = 1; id <= 300; ++id)  // more than one INSERT takes
        many.push_back(a_user(id, "user" + std::to_string(id)));
    many.back().uuid = many.front().uuid;
    REQUIRE_ERR(content.try_write(insert(many)), Errc::conflict, "");
    CHECK_FALSE(find(content, 1));
    many.back().uuid = uuid_of(300);
    content.write(insert(many));
    CHECK(find(content, 300)->name == "user300");
}

TEST_CASE("principals: a change counts only upon the revision that was read", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    content.write(insert({a_user(1, "ann@contoso.example"), a_user(2, "ben@contoso.example")}));
    Principal changed = a_user(1, "ann.lee@contoso.example");
    changed.uuid = uuid_of(99);
    changed.kind = PrincipalKind::group;
    changed.created_at = 5;
    changed.updated_at = 6;
    content.write(update(changed));
    REQUIRE_ERR(content.try_write(update(changed)), Errc::conflict, "");

    const auto now = find(content, 1);
    CHECK(now->name == "ann.lee@contoso.example");
    CHECK(now->revision == 2);
    CHECK(now->updated_at == 6);
    CHECK(now->uuid == uuid_of(1));  // whoever it is stays
    CHECK(now->kind == PrincipalKind::user);
    CHECK(now->created_at == 0);

    Principal clash = a_user(1, "BEN@contoso.example");
    clash.revision = 2;
    REQUIRE_ERR(content.try_write(update(clash)), Errc::conflict, "");
    REQUIRE_ERR(content.try_write(update(a_user(9, "nobody"))), Errc::conflict, "");
    CHECK(find(content, 1)->revision == 2);
}

TEST_CASE("principals: whoever is gone leaves a name that is free", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    content.write(insert({a_user(1, "ann@contoso.example")}));
    Principal gone = a_user(1, "ann@contoso.example");
    gone.state = PrincipalState::gone;
    gone.name_key = name_key(gone.uuid);
    content.write(update(gone));
    content.write(insert({a_user(2, "Ann@contoso.example")}));
    CHECK(find(content, 1)->state == PrincipalState::gone);
    CHECK(find(content, 1)->name == "ann@contoso.example");
}

TEST_CASE("principals: a list goes on where the page before ended, ties included", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    const std::string same(130, 'm');  // name_sort ends at 128
    content.write(insert(
        {a_user(5, same + "2"),
         a_user(4, same + "1"),
         a_user(6, same + "3"),
         a_user(1, "Zoe"),
         a_user(9, "ann"),
         a_group(7, "board")}
    ));
    Ids seen;
    for (NamePosition after;;) {
        const auto page = content.read([&](ContentTransaction& tx) {
            return tx.principals().page(PrincipalKind::user, after, 2);
        });
        if (page.empty())
            break;
        CHECK(page.size() <= 2);
        for (const Principal& user : page)
            seen.push_back(user.id);
        after = {page.back().name_sort, page.back().id.value};
    }
    CHECK((seen == Ids{{9}, {4}, {5}, {6}, {1}}));
}

TEST_CASE("principals: a stream ends with the error of whoever reads it", "[principals]") {
    Content content{GENERATE(from_range(backends()))};
    content.write(insert({a_user(3, "c"), a_user(1, "a"), a_user(2, "b")}));
    Ids seen;
    const auto stop_at = [&](std::int64_t id) -> Visit<Principal> {
        return [&seen, id](const Principal& one) -> Result<void> {
            seen.push_back(one.id);
            if (one.id.value == id)
                return fail(Errc::interrupted, "that is enough");
            return {};
        };
    };
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) { return tx.principals().each(stop_at(2)); }),
        Errc::interrupted,
        "that is enough"
    );
    CHECK((seen == Ids{{1}, {2}}));
    // The transaction goes on, by the same statement too.
    seen.clear();
    content.write([&](ContentTransaction& tx) -> Result<void> {
        CHECK_FALSE(tx.principals().each(stop_at(1)));
        return tx.principals().each(stop_at(0));
    });
    CHECK((seen == Ids{{1}, {1}, {2}, {3}}));
}

TEST_CASE(
    "principals: a refusal costs the transaction, also when it is swallowed", "[principals]"
) {
    Content content{GENERATE(from_range(backends()))};
    content.write(insert({a_user(1, "ann@contoso.example")}));
    const auto swallow = [](ContentTransaction& tx) -> Result<void> {
        const Principal fresh[] = {a_user(2, "bob@contoso.example")};
        if (Result<void> done = tx.principals().insert(fresh); !done)
            return done;
        const Principal taken[] = {a_user(3, "ann@contoso.example")};
        CHECK_FALSE(tx.principals().insert(taken).has_value());
        return {};
    };
    REQUIRE_ERR(content.try_write(swallow), Errc::conflict, "");
    CHECK_FALSE(find(content, 2));
    content.write(insert({a_user(2, "bob@contoso.example")}));
    CHECK(find(content, 2));
}

// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/dn.h"
#include "server/ldap/mapping.h"
#include "tests/support/catch.h"

#include <utility>

using namespace pchat;
using ldap::Attribute;
using ldap::Entry;
using ldap::Mapping;
using ldap::Schema;

namespace {

const std::string id = "0191b0a0-0000-7000-8000-000000000001";

Entry ann(std::vector<Attribute> more = {}) {
    Entry out{"uid=ann, ou=Sales,dc=contoso,dc=example", std::move(more), false};
    out.attributes.push_back({"objectclass", {"top", "person", "inetOrgPerson"}});
    out.attributes.push_back({"entryuuid", {id}});
    out.attributes.push_back({"cn", {"Ann"}});
    return out;
}

Mapping open(ldap::AttributeNames names = {}) {
    return {Schema::openldap, std::move(names), "", ""};
}

DirectoryObject mapped(const Mapping& mapping, const Entry& entry) {
    auto out = mapping.object(entry);
    REQUIRE(out);
    return std::move(*out);
}

}  // namespace

TEST_CASE("mapping: a user of OpenLDAP", "[ldap]") {
    const DirectoryObject out = mapped(
        open({.site = "l"}),
        ann({{"mail", {"ann@contoso.example"}}, {"displayname", {"Ann B"}}, {"l", {"hq"}}})
    );
    CHECK(out.kind == PrincipalKind::user);
    CHECK(out.external_id == id);
    CHECK(out.dn == "uid=ann,ou=Sales,dc=contoso,dc=example");
    CHECK(out.name == "ann@contoso.example");
    CHECK(out.display_name == "Ann B");
    CHECK(out.site == "hq");
    CHECK(out.flaw.empty());
}

TEST_CASE("mapping: addresses", "[ldap]") {
    const Mapping active{Schema::active_directory, {}, "", ""};
    const auto address = [&](std::vector<Attribute> more) {
        Entry entry = ann(std::move(more));
        entry.attributes.push_back({"objectguid", {std::string(16, 'x')}});
        return mapped(active, entry).name;
    };
    CHECK(address({{"mail", {"m@c.example"}}}) == "m@c.example");
    CHECK(
        address(
            {{"proxyaddresses", {"SMTP:x@c.example", "SIP:p@c.example"}}, {"mail", {"m@c.example"}}}
        ) == "p@c.example"
    );
    CHECK(
        address(
            {{"msrtcsip-primaryuseraddress", {"sip:s@c.example"}},
             {"proxyaddresses", {"sip:p@c.example"}}}
        ) == "s@c.example"
    );
    // In whatever order they come.
    CHECK(mapped(open(), ann({{"mail", {"b@c.example", "a@c.example"}}})).name == "a@c.example");
    CHECK(mapped(open({.address = "x"}), ann({{"x", {"sip:q@c.example"}}})).name == "q@c.example");
}

TEST_CASE("mapping: what an entry must not hold", "[ldap]") {
    const auto flaw = [](std::vector<Attribute> more) {
        return mapped(open(), ann(std::move(more))).flaw;
    };
    const Attribute mail{"mail", {"ann@contoso.example"}};
    CHECK(flaw({}) == "it has no SIP address");
    CHECK(mapped(open(), ann()).addressless);
    CHECK(flaw({{"mail", {"ann contoso"}}}) == "'ann contoso' is not a SIP address");
    CHECK(
        flaw({mail, {"displayname", {"a\nb"}}}) ==
        "its display name holds characters that nobody sees"
    );
    CHECK(
        flaw({mail, {"displayname", {"\xe2\x80\xae evil"}}}) ==
        "its display name holds characters that nobody sees"
    );
    CHECK(flaw({mail, {"displayname", {"\xff"}}}) == "its display name is not UTF-8");
    CHECK(
        flaw({mail, {"displayname", {std::string(257, 'x')}}}) ==
        "its display name has 257 characters, 256 are allowed"
    );
    CHECK(flaw({mail, {"displayname", {std::string(256, 'x')}}}).empty());
    CHECK(
        flaw({mail, {"o", {std::string(257, 'x')}}}) ==
        "its company has 257 characters, 256 are allowed"
    );
    Entry cut = ann({mail});
    cut.cut = true;
    CHECK(mapped(open(), cut).flaw == "something in it is larger than can be taken");
    CHECK(mapped(open(), cut).partial);
    Entry deep = ann({mail});
    deep.dn = "uid=ann,ou=" + std::string(400, 'x');
    CHECK(mapped(open(), deep).flaw == "its DN has 411 characters, 384 are allowed");
}

TEST_CASE("mapping: groups, folders and domains", "[ldap]") {
    Entry group{
        "cn=traders,dc=contoso,dc=example",
        {{"objectclass", {"groupOfNames"}},
         {"entryuuid", {id}},
         {"cn", {"traders"}},
         {"member", {"UID=ann, ou=Sales", "no dn at all", ""}}},
        false};
    const DirectoryObject out = mapped(open(), group);
    CHECK(out.kind == PrincipalKind::group);
    CHECK(out.name == "traders");
    CHECK(out.members == std::vector<std::string>{"UID=ann,ou=Sales"});
    CHECK_FALSE(out.partial);
    group.attributes.pop_back();
    CHECK(mapped(open(), group).partial);
    CHECK_THAT(mapped(open(), group).flaw, Catch::Contains("it shows no member"));
    Entry folder{
        "ou=Sales,dc=c", {{"objectclass", {"organizationalUnit"}}, {"entryuuid", {id}}}, false};
    CHECK(mapped(open(), folder).kind == PrincipalKind::container);
    CHECK(mapped(open(), folder).name == "ou=Sales,dc=c");
    Entry domain{
        "DC=Contoso,dc=example", {{"objectclass", {"dcObject"}}, {"entryuuid", {id}}}, false};
    CHECK(mapped(open(), domain).kind == PrincipalKind::domain);
    CHECK(mapped(open(), domain).name == "contoso.example");
    Entry strange{"dc=c", {{"objectclass", {"dcObject"}}}, false};
    CHECK_FALSE(open().object(strange));
}

TEST_CASE("mapping: what an entry is when it names only its own class", "[ldap]") {
    const auto kind = [](const std::string& dn, const char* of, std::vector<Attribute> more = {}) {
        Entry entry{dn, std::move(more), false};
        entry.attributes.push_back({"objectclass", {of}});
        entry.attributes.push_back({"entryuuid", {id}});
        return mapped(open(), entry).kind;
    };
    CHECK(kind("uid=ann,ou=Sales,dc=c", "inetOrgPerson") == PrincipalKind::user);
    CHECK(kind("uid=ann,ou=Sales,dc=c", "contosoEmployee") == PrincipalKind::user);
    CHECK(kind("ou=Sales,dc=c", "organizationalUnit") == PrincipalKind::container);
    CHECK(kind("dc=c", "domain") == PrincipalKind::domain);
    CHECK(
        kind("cn=x,dc=c", "contosoGroup", {{"member", {"uid=ann,dc=c"}}}) == PrincipalKind::group
    );
}

TEST_CASE("mapping: an account that Active Directory has disabled, and its GUID", "[ldap]") {
    const Mapping active{Schema::active_directory, {}, "", ""};
    Entry entry = ann({{"mail", {"ann@contoso.example"}}, {"useraccountcontrol", {"514"}}});
    std::string bytes;
    for (char c = 0; c < 16; ++c)
        bytes += c;
    entry.attributes.push_back({"objectguid", {bytes}});
    CHECK(mapped(active, entry).disabled);
    CHECK(mapped(active, entry).external_id == "03020100-0504-0706-0809-0a0b0c0d0e0f");
    CHECK(
        active.id_filter("03020100-0504-0706-0809-0a0b0c0d0e0f") ==
        "(objectGUID=\\00\\01\\02\\03\\04\\05\\06\\07\\08\\09\\0a\\0b\\0c\\0d\\0e\\0f)"
    );
}

TEST_CASE("mapping: an account of Active Directory that does not say its state", "[ldap]") {
    const Mapping active{Schema::active_directory, {}, "", ""};
    const auto account = [&](std::vector<Attribute> more) {
        Entry entry = ann(std::move(more));
        entry.attributes.push_back({"objectguid", {std::string(16, 'x')}});
        return mapped(active, entry);
    };
    CHECK(account({}).stateless);
    CHECK(account({{"useraccountcontrol", {"on"}}}).stateless);
    CHECK(account({{"useraccountcontrol", {"512?"}}}).stateless);
    CHECK_FALSE(account({{"useraccountcontrol", {"512"}}}).stateless);
    CHECK_FALSE(account({{"useraccountcontrol", {"512"}}}).disabled);
    CHECK(account({{"useraccountcontrol", {"-2147483646"}}}).disabled);
    CHECK_FALSE(mapped(open(), ann()).stateless);
}

TEST_CASE("entry: lists in portions", "[ldap]") {
    ldap::ValueRange range;
    REQUIRE(ldap::read_range("member;range=0-1499", range));
    CHECK(range.name == "member");
    CHECK_FALSE(range.complete);
    CHECK(ldap::next_range(range) == "member;range=1500-*");
    REQUIRE(ldap::read_range("Member;Range=1500-*", range));
    CHECK(range.complete);
    for (const char* text : {"member", "member;lang-de", "member;range=", "member;range=0-x"})
        CHECK_FALSE(ldap::read_range(text, range));
}

TEST_CASE("dn: one spelling, what is above it, its domain", "[ldap]") {
    CHECK(ldap::normal_dn("CN=Ann ,  OU=Sales") == "CN=Ann,OU=Sales");
    CHECK(ldap::normal_dn("cn=B\\2C C,dc=x") == ldap::normal_dn("cn=B\\, C,dc=x"));
    CHECK_FALSE(ldap::normal_dn("ann"));
    CHECK(ldap::parent_dn("cn=B\\2C C,ou=a,dc=x") == "ou=a,dc=x");
    CHECK(ldap::parent_dn("dc=x").empty());
    CHECK(ldap::dns_name_of("ou=a,DC=Contoso,dc=example", false) == "contoso.example");
    CHECK(ldap::dns_name_of("ou=a,dc=contoso", true).empty());
    CHECK(ldap::escape_filter("a*(b)\\") == "a\\2a\\28b\\29\\5c");
}

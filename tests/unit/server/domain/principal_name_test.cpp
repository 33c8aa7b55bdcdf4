// SPDX-License-Identifier: Apache-2.0
#include "server/domain/principal_name.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;

TEST_CASE("principals: each way to write one", "[principal]") {
    struct Case {
        std::string text;
        PrincipalKind kind;
        std::string name;
    };
    const auto one = GENERATE(values<Case>({
        {"sip:ann@contoso.example", PrincipalKind::user, "ann@contoso.example"},
        {"SIP:Ann.O'Neil+x@Contoso.example", PrincipalKind::user, "Ann.O'Neil+x@Contoso.example"},
        {"sip:admin@localhost", PrincipalKind::user, "admin@localhost"},
        {"group:Händler Süd", PrincipalKind::group, "Händler Süd"},
        {"group:CN=traders,OU=x,DC=contoso", PrincipalKind::group, "CN=traders,OU=x,DC=contoso"},
        {"ou:OU=desk,DC=contoso", PrincipalKind::container, "OU=desk,DC=contoso"},
        {"domain:emea.contoso.example", PrincipalKind::domain, "emea.contoso.example"},
        {"Everyone", PrincipalKind::system, "everyone"},
    }));
    const auto parsed = parse_principal(one.text, "--member");
    REQUIRE_OK(parsed);
    CHECK(parsed->kind == one.kind);
    CHECK(parsed->name == one.name);
    CHECK(parse_principal(parsed->written(), "again")->name == one.name);
}

TEST_CASE("principals: what is none is refused by name", "[principal]") {
    for (const std::string text :
         {"",
          "ann",
          "ann@contoso.example",
          "sip:",
          "sip:ann",
          "sip:@contoso.example",
          "sip:ann@",
          "sip:ann@-x.example",
          "sip:ann@contoso..example",
          "sip:a b@contoso.example",
          "sip:ann@contoso.example@x",
          "group:",
          "ou:",
          "domain:",
          "domain:a b",
          "everyone:x",
          "sip:a\tb@contoso.example",
          "group:\xE2\x80\xAEgnp"})
        REQUIRE_ERR(parse_principal(text, "--member"), Errc::invalid, "--member");
    REQUIRE_ERR(parse_principal("group:\xFF", "--member"), Errc::invalid, "UTF-8");
    REQUIRE_ERR(
        parse_principal("group:" + std::string(400, 'x'), "--member"), Errc::invalid, "406"
    );
}

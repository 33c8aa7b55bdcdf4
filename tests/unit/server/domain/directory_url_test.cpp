// SPDX-License-Identifier: Apache-2.0
#include "server/domain/directory_url.h"
#include "tests/support/expect.h"

using namespace pchat;

TEST_CASE(
    "directory url: says host, port, encryption and whether it leaves the machine", "[ldap]"
) {
    const auto read = [](const char* text) {
        const Result<DirectoryUrl> url = parse_directory_url(text);
        REQUIRE_OK(url);
        return url->written() + (url->loopback ? " here" : "");
    };
    CHECK(read("ldaps://dc1.contoso.example") == "ldaps://dc1.contoso.example:636");
    CHECK(read("LDAP://dc1.contoso.example:3268/") == "ldap://dc1.contoso.example:3268");
    CHECK(read("ldap://localhost") == "ldap://localhost:389 here");
    CHECK(read("ldap://127.0.0.1:1389") == "ldap://127.0.0.1:1389 here");
    CHECK(read("ldaps://[::1]:1636") == "ldaps://[::1]:1636 here");
    CHECK(read("ldap://127.evil.example") == "ldap://127.evil.example:389");
}

TEST_CASE("directory url: what is none is refused", "[ldap]") {
    for (const char* text :
         {"dc1.contoso.example",
          "https://dc1.contoso.example",
          "ldaps://",
          "ldaps://dc1:0",
          "ldaps://dc1:66000",
          "ldaps://dc1:x",
          "ldaps://dc1/dc=contoso",
          "ldaps://user@dc1",
          "ldaps://fe80::1",
          "ldaps://[::1",
          "ldaps://[::1]x"})
        REQUIRE_ERR(parse_directory_url(text), Errc::invalid, "'");
}

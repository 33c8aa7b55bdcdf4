// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/scram.h"
#include "tests/support/catch.h"

using pchat::Secret;

TEST_CASE("scram: the verifier is that of RFC 7677's example", "[scram]") {
    // Salt and iterations as there; the server's key is what makes its signature.
    const std::string salt{"\x5b\x6d\x99\x68\x9d\x12\x35\x8e\xec\xa0\x4b\x14\x12\x36\xfa\x81", 16};
    CHECK(
        pchat::sql::scram_sha256_verifier(Secret{"pencil"}, salt) ==
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
        "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
        "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
    );
}

TEST_CASE("scram: SQL Server's hash has a version, the salt and 64 bytes", "[scram]") {
    const std::string hash =
        pchat::sql::sqlserver_password_hash(Secret{"a\xf0\x9f\x98\x80"}, "salt");
    CHECK(hash.size() == 2 + 2 * (2 + 4 + 64));
    // printf 'a\0\x3d\xd8\x00\xde' and the salt, through sha512sum
    CHECK_THAT(hash, Catch::StartsWith("0x020073616C74"));
    CHECK_THAT(hash, Catch::EndsWith("43A1AABA52D1F7654D12DC786DC0A25A"));
}

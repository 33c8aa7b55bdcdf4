// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/link.h"
#include "server/ldap/password_check.h"
#include "tests/support/catch.h"

using namespace pchat;

TEST_CASE("bind: what is said of one user is no outage", "[ldap]") {
    // RFC 4511 A.1: invalidCredentials, noSuchObject, constraintViolation,
    // insufficientAccessRights, unwillingToPerform.
    for (const int code : {49, 32, 19, 50, 53})
        CHECK(ldap::refuses_bind(code));
    // success, operationsError, busy, unavailable, and that nobody answers.
    for (const int code : {0, 1, 51, 52, -1})
        CHECK_FALSE(ldap::refuses_bind(code));
    const auto error = [](Errc code) { return fail(code, "it failed").value(); };
    CHECK(ldap::says_directory_away(error(Errc::unreachable)));
    CHECK(ldap::says_directory_away(error(Errc::timeout)));
    CHECK_FALSE(ldap::says_directory_away(error(Errc::denied)));
    CHECK_FALSE(ldap::says_directory_away(error(Errc::signed_out)));
}

TEST_CASE("bind: a directory that hangs holds fewer than half of the threads", "[ldap]") {
    CHECK(ldap::checks_at_once(1) == 1);
    CHECK(ldap::checks_at_once(3) == 1);
    CHECK(ldap::checks_at_once(4) == 1);
    CHECK(ldap::checks_at_once(5) == 2);
    CHECK(ldap::checks_at_once(31) == 3);
}

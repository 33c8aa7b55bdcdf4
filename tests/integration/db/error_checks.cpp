// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/error_checks.h"

#include "server/store/sql/session.h"
#include "tests/support/expect.h"
#include "tests/support/skip.h"

#include <memory>
#include <stdexcept>

namespace pchat::test {

void check_error(const Error& error, const sql::Target& target, Errc code, const std::string& why) {
    INFO(describe(error));
    CHECK(error.code == code);
    CHECK_THAT(error.message, Catch::Contains(target.describe()) && Catch::Contains(why));
    CHECK_FALSE(error.hint.empty());
    CHECK_THAT(describe(error), !Catch::Contains("hunter2"));
    if (!target.login.password.empty())
        CHECK_THAT(describe(error), !Catch::Contains(std::string{target.login.password.reveal()}));
}

Error error_of_connecting(const sql::Target& target) {
    const Result<std::unique_ptr<sql::Session>> opened = sql::Session::open(target);
    if (opened)
        throw std::runtime_error("connected to " + target.describe());
    return opened.error();
}

bool has_freetds() {
    sql::Target target;
    target.engine = sql::Engine::sqlserver;
    target.host = "127.0.0.1";
    target.port = 1;
    if (error_of_connecting(target).code != Errc::not_found)
        return true;
    skip("FreeTDS is not installed (Debian: tdsodbc)");
    return false;
}

}  // namespace pchat::test

// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/connect_failure.h"
#include "tests/support/catch.h"

using namespace pchat;
using sql::find_connect_failure;
using sql::state_of_refusal;

TEST_CASE("connect failure: what the server itself said has a state of its own", "[failure]") {
    CHECK(state_of_refusal("failed: FATAL:  password authentication failed for user") == "28P01");
    CHECK(state_of_refusal("failed: FATAL:  no pg_hba.conf entry for host") == "28000");
    CHECK(state_of_refusal("failed: FATAL:  database \"x\" does not exist") == "3D000");
    CHECK(state_of_refusal("failed: FATAL:  the database system is starting up") == "57P03");
    CHECK(state_of_refusal("failed: FATAL:  sorry, too many clients already") == "53300");
    CHECK(state_of_refusal("failed: FATAL:  Passwort-Authentifizierung fehlgeschlagen") == "28");
    CHECK(state_of_refusal("failed: Connection refused") == "08001");
}

TEST_CASE("connect failure: of several addresses the one that got farthest counts", "[failure]") {
    const sql::NativeCode* found = find_connect_failure(
        "connection to server at \"localhost\" (::1), port 5432 failed: Connection refused\n"
        "connection to server at \"localhost\" (127.0.0.1), port 5432 failed: server certificate "
        "for \"a\" does not match host name \"localhost\""
    );
    CHECK(std::string{found->meaning} == "its certificate is for another host name");
}

TEST_CASE("connect failure: what is not known is still a server out of reach", "[failure]") {
    CHECK(find_connect_failure("No route to host")->errc == Errc::unreachable);
    CHECK(find_connect_failure("") != nullptr);
}

TEST_CASE("connect failure: a connection that broke is known by what was said", "[failure]") {
    // As psqlODBC said it when a server was killed, and when its link was cut.
    for (const char* said :
         {"The connection has been lost;\nError while preparing parameters",
          "server closed the connection unexpectedly\n\tThis probably means the server terminated "
          "abnormally\n\tbefore or while processing the request.\n",
          "could not receive data from server: Connection timed out\n"}) {
        INFO(said);
        CHECK(sql::tells_of_loss("HY000", said));
        CHECK_FALSE(sql::tells_of_loss("22001", said));  // it quotes a value
    }
    CHECK_FALSE(sql::tells_of_loss("HY000", "Error while preparing parameters"));
}

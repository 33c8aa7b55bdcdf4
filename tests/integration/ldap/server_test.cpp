// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "tests/support/chat_client.h"
#include "tests/support/ldif.h"
#include "tests/support/private_server.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using Json = nlohmann::json;

namespace {

/// A pchatd whose settings name the directory: it synchronizes as soon as it runs.
struct ServerScene {
    explicit ServerScene(const Slapd& slapd)
        : world(make_world(database.content(), 1, 1)), server(database, options(slapd)) {}

    [[nodiscard]] ServerOptions options(const Slapd& slapd) const {
        const std::string secret = database.folder() + "/reader.secret";
        std::ofstream{secret} << Slapd::reader_password << '\n';
        std::filesystem::permissions(secret, std::filesystem::perms::owner_read);
        ServerOptions out;
        out.more = fmt::format(
            "directory: {{ url: \"ldap://127.0.0.1:{}\", baseDn: \"{}\", bindDn: \"{}\", "
            "password: \"file:{}\" }}\n",
            slapd.port(),
            Slapd::root,
            Slapd::reader_dn,
            secret
        );
        return out;
    }
    [[nodiscard]] Json status() const {
        const HttpAnswer answer = http(server.port(), "GET", "/v1/directory", world.admin);
        INFO(answer.text);
        REQUIRE(answer.status == 200);
        return answer.body;
    }
    /// Until the server says that it ended one; ctest ends what takes for ever.
    [[nodiscard]] Json first_report() const {
        for (;; std::this_thread::sleep_for(std::chrono::milliseconds{20})) {
            const Json now = status();
            INFO(now.dump());
            REQUIRE_FALSE(now.contains("problem"));
            if (now.contains("last"))
                return now["last"];
        }
    }
    [[nodiscard]] int sign_in(const std::string& user, const std::string& password) const {
        return http(
                   server.port(),
                   "POST",
                   "/v1/sessions",
                   "",
                   {{"user", "sip:" + user + "@contoso.example"}, {"password", password}}
        ).status;
    }

    PrivateContent database{"sqlite"};
    World world;
    PrivateServer server;
};

}  // namespace

TEST_CASE("slapd: a server reads it by its settings, and its users sign in", "[ldap]") {
    const auto slapd = Slapd::start(
        {.ldif = folder_ldif("Sales") + user_ldif("ann", "Sales") + user_ldif("bob", "Sales")}
    );
    if (!slapd)
        return;
    const ServerScene scene{*slapd};
    CHECK(scene.first_report()["added"] == 4);
    CHECK(scene.sign_in("ann", "password of ann") == 201);
    CHECK(scene.sign_in("ann", "password of bob") == 401);
    CHECK(scene.sign_in("nobody", "password of nobody") == 401);
    slapd->kill9();
    CHECK(scene.sign_in("bob", "password of bob") == 503);
}

// SPDX-License-Identifier: Apache-2.0
#include "base/config/read.h"
#include "base/diagnostic.h"
#include "server/app/database_target.h"
#include "server/app/ip_address.h"
#include "server/app/read_settings.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <fstream>
#include <sstream>

using namespace pchat;
using namespace pchat::app;

namespace {

const std::string smallest = "server: {fqdn: pc1.contoso.example}\n"
                             "tls: {certificate: server.crt, key: /etc/pchat/server.key}\n"
                             "database: {engine: sqlite, file: content.db}\n";

Settings read(const std::string& text) {
    const SettingsFile file = parse_settings("/etc/pchat/pchatd.yaml", text);
    INFO(render_text(*file.source, file.findings));
    REQUIRE(file.findings.empty());
    return file.settings;
}

std::string write(const test::TempDir& dir, const std::string& text) {
    const std::string path = (dir.path() / "pchatd.yaml").string();
    std::ofstream{path} << text;
    return path;
}

Result<sql::Target> target(const std::string& database) {
    const Settings settings = read(
        "server: {fqdn: pc1.contoso.example}\ntls: {certificate: a, key: b}\ndatabase: " + database
    );
    return target_of(settings, settings.database, [](const std::string& name) {
        return name == "PASSWORD" ? std::optional<std::string>{"pa:ss"} : std::nullopt;
    });
}

}  // namespace

TEST_CASE("settings: a small file gets the defaults that the field table names", "[settings]") {
    Settings settings = read(smallest);
    CHECK(*settings.limits.sessions == 20'000);
    CHECK(*settings.data == "/var/lib/pchat");
    CHECK_FALSE(settings.compliance.given());
    REQUIRE(settings.listen.size() == 1);
    CHECK(*settings.listen.items[0].address == "0.0.0.0");
    CHECK(*settings.listen.items[0].port == 443);
    CHECK(*settings.listen.items[0].tls);
    // What the manual says is the default must be what the program uses.
    const auto compare = [](auto&& self, const config::Shape& shape, config::Object& object
                         ) -> int {
        int compared = 0;
        for (const config::Field& field : shape.fields) {
            INFO(shape.name << "." << field.key);
            if (field.kind == config::FieldKind::object)
                compared += self(self, field.shape(), field.access.child(object));
            if (field.default_text.empty())
                continue;
            ++compared;
            if (field.kind == config::FieldKind::integer)
                CHECK(std::to_string(*field.access.integer(object)) == field.default_text);
            else if (field.kind == config::FieldKind::boolean)
                CHECK((*field.access.boolean(object) ? "true" : "false") == field.default_text);
            else if (field.kind == config::FieldKind::choice)
                CHECK(config::choice_of(field, object) == field.default_text);
            else
                CHECK(*field.access.text(object) == field.default_text);
        }
        return compared;
    };
    CHECK(compare(compare, settings_shape(), settings) == 24);
}

TEST_CASE("settings: paths begin at the folder of the file", "[settings]") {
    const Settings settings = read(smallest);
    CHECK(settings.path(*settings.tls.certificate) == "/etc/pchat/server.crt");
    CHECK(settings.path(*settings.tls.key) == "/etc/pchat/server.key");
    CHECK(parse_settings("pchatd.yaml", smallest).settings.path("a") == "a");
}

TEST_CASE("settings: a SQLite database is a file", "[settings]") {
    const auto sqlite = target("{engine: sqlite, file: content.db}");
    REQUIRE_OK(sqlite);
    CHECK(sqlite->engine == sql::Engine::sqlite);
    CHECK(sqlite->database == "/etc/pchat/content.db");
}

TEST_CASE("settings: a database on a server gets its password and its defaults", "[settings]") {
    const auto far =
        target("{engine: postgresql, host: pg1.contoso.example, name: content, user: run, "
               "password: env:PASSWORD, tls: {ca: pg.crt}}");
    REQUIRE_OK(far);
    CHECK(far->port == 5432);
    CHECK(far->encryption == sql::Encryption::verify);
    CHECK(far->ca_file == "/etc/pchat/pg.crt");
    CHECK(far->login.user == "run");
    CHECK(far->login.password.reveal() == "pa:ss");
    const auto here =
        target("{engine: sqlserver, host: 127.0.0.1, instance: X, name: content, user: run, "
               "password: env:PASSWORD}");
    REQUIRE_OK(here);
    CHECK(here->port == 0);
    CHECK(here->encryption == sql::Encryption::off);
    const auto told =
        target("{engine: sqlserver, host: 127.0.0.1, port: 1500, name: content, user: run, "
               "password: env:PASSWORD, tls: {mode: require}}");
    REQUIRE_OK(told);
    CHECK(told->port == 1500);
    CHECK(told->encryption == sql::Encryption::require);
}

TEST_CASE("settings: a reference that leads nowhere is named", "[settings]") {
    const auto nowhere =
        target("{engine: postgresql, host: pg1.contoso.example, name: content, user: run, "
               "password: env:NOTHING}");
    REQUIRE_ERR(nowhere, Errc::usage, "NOTHING is not set");
    CHECK(nowhere.error().hint == "pchatd.yaml names it as env:NOTHING");
}

TEST_CASE("settings: checking a file answers with an exit code", "[settings]") {
    const test::TempDir dir;
    std::ostringstream out;
    std::ostringstream err;
    CHECK(check_config(write(dir, smallest), out, err) == 0);
    CHECK(err.str().empty());
    CHECK(check_config(write(dir, smallest + "thread: 3\n"), out, err) == 3);
    CHECK(out.str().find("did you mean 'threads'?") != std::string::npos);
    CHECK(err.str().empty());
    CHECK(check_config((dir.path() / "none.yaml").string(), out, err) == 3);
    CHECK(err.str().find("pchatd: cannot read ") == 0);
    CHECK(check_config(dir.path().string(), out, err) == 3);
    CHECK(err.str().find("not a regular file") != std::string::npos);
}

TEST_CASE("settings: the server starts with warnings, and not with errors", "[settings]") {
    const test::TempDir dir;
    std::ostringstream err;
    const auto warned = read_settings(write(dir, smallest + "allowUnsafeDurability: true\n"), err);
    REQUIRE_OK(warned);
    CHECK(err.str().find("SET-10") != std::string::npos);
    const auto refused = read_settings(write(dir, "server: {}\n"), err);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().silent);
    CHECK(refused.error().code == Errc::bad_file);
}

TEST_CASE("settings: addresses are told from names", "[settings]") {
    CHECK(parse_ip("127.0.0.1")->loopback);
    CHECK(parse_ip("127.8.8.8")->loopback);
    CHECK(parse_ip("::1")->loopback);
    CHECK_FALSE(parse_ip("0.0.0.0")->loopback);
    CHECK_FALSE(parse_ip("::")->loopback);
    CHECK_FALSE(parse_ip("128.0.0.1")->loopback);
    CHECK_FALSE(parse_ip("127.evil.example").has_value());
    CHECK_FALSE(parse_ip("127.1").has_value());
    CHECK_FALSE(parse_ip("").has_value());
}

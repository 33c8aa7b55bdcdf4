// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL that has no TLS, or a certificate that must not be trusted.
#include "tests/integration/db/backend.h"
#include "tests/integration/db/error_checks.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"
#include "tests/support/skip.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

using namespace pchat;
using namespace pchat::test;
namespace fs = std::filesystem;

namespace {

void shell(const std::string& command) {
    INFO(command);
    REQUIRE(std::system(command.c_str()) == 0);
}

// A key and a certificate that signs itself: who trusts it, trusts nobody else.
void make_certificate(const fs::path& key, const fs::path& certificate) {
    shell(fmt::format(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "
        "/CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -days 2 -keyout '{}' -out '{}' "
        "2>/dev/null",
        key.string(),
        certificate.string()
    ));
}

// PostgreSQL reads its key only when nobody else can.
void give_to_server(const fs::path& file, const fs::path& data) {
    struct stat owner {};
    REQUIRE(::stat(data.c_str(), &owner) == 0);
    REQUIRE(::chown(file.c_str(), owner.st_uid, owner.st_gid) == 0);
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

// The shared server with TLS, until the end of the test.
class WithTls {
public:
    WithTls() : data_(Postgres::shared()->data()) {
        make_certificate(data_ / "server.key", data_ / "server.crt");
        give_to_server(data_ / "server.key", data_);
        give_to_server(data_ / "server.crt", data_);
        Postgres::shared()->stop();
        Postgres::shared()->start("ssl=on");
    }
    ~WithTls() {
        Postgres::shared()->stop();
        Postgres::shared()->start();
    }
    WithTls(const WithTls&) = delete;
    WithTls& operator=(const WithTls&) = delete;
    WithTls(WithTls&&) = delete;
    WithTls& operator=(WithTls&&) = delete;

    [[nodiscard]] fs::path certificate() const { return data_ / "server.crt"; }

private:
    fs::path data_;
};

sql::Target verified(const fs::path& ca) {
    sql::Target out = Postgres::shared()->superuser("postgres");
    out.encryption = sql::Encryption::verify;
    out.ca_file = ca.string();
    return out;
}

bool tools_are_there() {
    if (Postgres::shared() == nullptr)
        return false;
    if (std::system("command -v openssl >/dev/null") == 0)
        return true;
    skip("openssl is not installed");
    return false;
}

}  // namespace

TEST_CASE("tls faults: a server without TLS is refused, not spoken to in the clear", "[fault]") {
    if (!tools_are_there())
        return;
    const TempDir dir;
    make_certificate(dir.path() / "key", dir.path() / "ca");
    sql::Target target = verified(dir.path() / "ca");
    target.encryption = GENERATE(sql::Encryption::verify, sql::Encryption::require);
    check_error(error_of_connecting(target), target, Errc::unreachable, "the server offers no TLS");
}

TEST_CASE("tls faults: only the right name with the right CA is trusted", "[fault]") {
    if (!tools_are_there())
        return;
    const WithTls tls;
    const TempDir dir;

    REQUIRE_OK(sql::Session::open(verified(tls.certificate())));
    sql::Target target = verified("");
    target.encryption = sql::Encryption::require;  // encrypted, whoever it is
    REQUIRE_OK(sql::Session::open(target));

    make_certificate(dir.path() / "key", dir.path() / "ca");
    target = verified(dir.path() / "ca");
    check_error(
        error_of_connecting(target), target, Errc::unreachable, "its certificate cannot be trusted"
    );

    target = verified(tls.certificate());
    target.host = "localhost";
    check_error(error_of_connecting(target), target, Errc::unreachable, "is for another host name");

    target = verified(dir.path() / "no such file");
    check_error(error_of_connecting(target), target, Errc::not_found, "CA cannot be read");
}

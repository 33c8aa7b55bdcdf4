// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/authority.h"
#include "cli/local_server/secret_file.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

#include <ctime>
#include <filesystem>

namespace fs = std::filesystem;
using namespace pchat;
using namespace pchat::cli;
using std::chrono::hours;

namespace {

constexpr hours day{24};
const std::string pool = "pchat.contoso.example";
const CertifiedMachine machine{
    "pc1.contoso.example", {"pc1.contoso.example", pool, "10.0.0.11", "2001:db8::7"}};

fs::perms mode_of(const fs::path& path) {
    return fs::status(path).permissions();
}

std::string bus_password(const Authority& authority) {
    const Result<Issued> issued = authority.issued_to(machine.fqdn);
    REQUIRE_OK(issued);
    return std::string{issued->bus_password.reveal()};
}

}  // namespace

TEST_CASE("authority: keeps its keys to its owner", "[deploy][certificate]") {
    const test::TempDir dir;
    const fs::path folder = dir.path() / "authorities" / pool;
    REQUIRE_ERR(Authority::open(folder, pool), Errc::not_found, "has no authority");
    const Result<Authority> made = Authority::create(folder, pool, 3650 * day);
    REQUIRE_OK(made);
    REQUIRE_ERR(Authority::create(folder, pool, 3650 * day), Errc::conflict, "ca.pem");
    REQUIRE_OK(made->issue(machine, 397 * day));
    CHECK(mode_of(folder) == fs::perms::owner_all);
    for (const char* name : {"ca.key", "pc1.contoso.example.key", "pc1.contoso.example.bus"})
        CHECK(mode_of(folder / name) == (fs::perms::owner_read | fs::perms::owner_write));
    REQUIRE_OK(Authority::open(folder, pool));
    fs::permissions(folder / "ca.key", fs::perms::group_read, fs::perm_options::add);
    REQUIRE_ERR(Authority::open(folder, pool), Errc::denied, "others may read it");
}

TEST_CASE("authority: refuses a certificate whose key is another's", "[deploy][certificate]") {
    const test::TempDir dir;
    REQUIRE_OK(Authority::create(dir.path() / "a", pool, 3650 * day));
    REQUIRE_OK(Authority::create(dir.path() / "b", pool, 3650 * day));
    fs::copy_file(
        dir.path() / "b/ca.key", dir.path() / "a/ca.key", fs::copy_options::overwrite_existing
    );
    REQUIRE_ERR(Authority::open(dir.path() / "a", pool), Errc::bad_file, "are no pair");
}

TEST_CASE(
    "authority: what it gives out is for servers and clients of one machine",
    "[deploy][certificate]"
) {
    const test::TempDir dir;
    const fs::path folder = dir.path() / "a";
    const Result<Authority> authority = Authority::create(folder, pool, 3650 * day);
    REQUIRE_OK(authority);
    REQUIRE_ERR(authority->issued_to(machine.fqdn), Errc::not_found, "has no certificate");
    CHECK(authority->standing_of(machine, 30 * day) == Standing::missing);
    const Result<CertificateFacts> facts = authority->issue(machine, 90 * day);
    REQUIRE_OK(facts);
    CHECK((facts->for_servers && facts->for_clients && !facts->authority));
    CHECK(facts->subject == machine.fqdn);
    const std::int64_t left = facts->not_after - std::time(nullptr);
    CHECK((left > 89 * 86'400 && left <= 90 * 86'400));
    const Result<Issued> issued = authority->issued_to(machine.fqdn);
    REQUIRE_OK(issued);
    const std::string& certificate = issued->pair.certificate;
    CHECK(is_pair(issued->pair));
    CHECK(is_signed_by(certificate, authority->certificate()));
    CHECK(is_for_just(certificate, machine.names));
    CHECK_FALSE(is_for(certificate, {"pc2.contoso.example"}));
    CHECK_FALSE(is_for(certificate, {"10.0.0.12"}));
    CHECK(issued->bus_password.reveal().size() == 64);
    const Result<CertificateFacts> own = certificate_facts(authority->certificate());
    REQUIRE_OK(own);
    CHECK(own->authority);
}

TEST_CASE("authority: knows what a certificate lacks", "[deploy][certificate]") {
    const test::TempDir dir;
    const Result<Authority> authority = Authority::create(dir.path() / "a", pool, 3650 * day);
    REQUIRE_OK(authority);
    REQUIRE_OK(authority->issue(machine, 90 * day));
    CHECK(authority->standing_of(machine, 30 * day) == Standing::good);
    CHECK(authority->standing_of(machine, 91 * day) == Standing::expiring);
    CertifiedMachine more = machine;
    more.names.emplace_back("10.0.0.99");
    CHECK(authority->standing_of(more, 30 * day) == Standing::other_names);
    CertifiedMachine fewer = machine;
    fewer.names.pop_back();
    CHECK(authority->standing_of(fewer, 30 * day) == Standing::other_names);
    const Result<Authority> other = Authority::create(dir.path() / "b", pool, 3650 * day);
    REQUIRE_OK(other);
    for (const char* end : {".pem", ".key", ".bus"})
        fs::copy_file(
            dir.path() / "a" / (machine.fqdn + end), dir.path() / "b" / (machine.fqdn + end)
        );
    CHECK(other->standing_of(machine, 30 * day) == Standing::other_authority);
    fs::remove(dir.path() / "a" / (machine.fqdn + ".key"));
    CHECK(authority->standing_of(machine, 30 * day) == Standing::missing);
}

TEST_CASE(
    "authority: a new certificate has a new key and serial, and the bus its old password",
    "[deploy][certificate]"
) {
    const test::TempDir dir;
    const Result<Authority> authority = Authority::create(dir.path() / "a", pool, 3650 * day);
    REQUIRE_OK(authority);
    const Result<CertificateFacts> first = authority->issue(machine, 90 * day);
    REQUIRE_OK(first);
    const std::string password = bus_password(*authority);
    const std::string key = test::read_file(dir.path() / "a" / (machine.fqdn + ".key"));
    const Result<CertificateFacts> second = authority->issue(machine, 90 * day);
    REQUIRE_OK(second);
    CHECK(first->serial != second->serial);
    CHECK(key != test::read_file(dir.path() / "a" / (machine.fqdn + ".key")));
    CHECK(password == bus_password(*authority));
}

TEST_CASE(
    "authority: nothing outlives it, and what it gave out stays good when it is extended",
    "[deploy][certificate]"
) {
    const test::TempDir dir;
    Result<Authority> authority = Authority::create(dir.path() / "a", pool, 10 * day);
    REQUIRE_OK(authority);
    CHECK(authority->ends_within(11 * day));
    CHECK_FALSE(authority->ends_within(9 * day));
    const Result<CertificateFacts> short_lived = authority->issue(machine, 397 * day);
    REQUIRE_OK(short_lived);
    CHECK(short_lived->not_after - std::time(nullptr) <= 10 * 86'400);
    REQUIRE_OK(authority->extend(3650 * day));
    CHECK_FALSE(authority->ends_within(3000 * day));
    const Result<Authority> again = Authority::open(dir.path() / "a", pool);
    REQUIRE_OK(again);
    CHECK(again->certificate() == authority->certificate());
    const Result<Issued> issued = again->issued_to(machine.fqdn);
    REQUIRE_OK(issued);
    CHECK(is_signed_by(issued->pair.certificate, again->certificate()));
}

TEST_CASE("certificate: text that holds none is told from one", "[certificate]") {
    REQUIRE_ERR(certificate_facts("no certificate"), Errc::bad_file, "no certificate in it");
    CHECK_FALSE(is_pair({"no certificate", Secret{"no key"}}));
    CHECK_FALSE(is_for("no certificate", {"a.example"}));
    CHECK_FALSE(is_signed_by("no certificate", "none either"));
}

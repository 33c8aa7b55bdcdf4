// SPDX-License-Identifier: Apache-2.0
#include "tests/support/slapd.h"

#include "tests/support/child_program.h"
#include "tests/support/skip.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace pchat::test {
namespace fs = std::filesystem;
namespace {

constexpr const char* slapd_program = "/usr/sbin/slapd";
constexpr const char* loader_program = "/usr/sbin/slapadd";
constexpr const char* changer_program = "/usr/bin/ldapmodify";
constexpr const char* admin_dn = "cn=admin,dc=contoso,dc=example";
constexpr const char* admin_password = "admin";

void run_program(const fs::path& log, const std::vector<std::string>& words) {
    if (wait_for_program(start_program(log, words)) != 0)
        throw std::runtime_error(words.front() + " failed: " + read_file(log));
}

constexpr std::string_view config = R"(include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {0}/pid
modulepath /usr/lib/ldap
moduleload back_mdb
{1}
database mdb
directory {0}/data
maxsize 1073741824
dbnosync
suffix "{2}"
rootdn "{3}"
rootpw {4}
index objectClass,entryUUID,modifyTimestamp,member,uniqueMember eq
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{5}" read by * none
limits dn.exact="{5}" {6}
)";

constexpr std::string_view top = R"(dn: {0}
objectClass: dcObject
objectClass: organization
dc: contoso
o: Contoso
modifyTimestamp: 20260101000000Z

dn: {1}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {2}
modifyTimestamp: 20260101000000Z

)";

}  // namespace

std::unique_ptr<Slapd> Slapd::start(SlapdOptions options) {
    for (const char* program : {slapd_program, loader_program, changer_program})
        if (!fs::exists(program)) {
            skip(fmt::format("there is no {} (Debian: slapd, ldap-utils)", program));
            return nullptr;
        }
    return std::unique_ptr<Slapd>{new Slapd{options}};
}

Slapd::Slapd(const SlapdOptions& options) : tls_(!options.certificate_file.empty()) {
    // As pchatd does: libldap writes to connections that have gone.
    std::signal(SIGPIPE, SIG_IGN);
    fs::create_directory(dir_.path() / "data");
    write_config(options);
    const fs::path content = dir_.write(
        "content.ldif", fmt::format(top, root, reader_dn, reader_password) + options.ldif
    );
    run_program(
        dir_.path() / "log",
        {loader_program, "-q", "-f", (dir_.path() / "slapd.conf").string(), "-l", content.string()}
    );
    start_on_free_ports();
}

Slapd::~Slapd() {
    kill9();
}

void Slapd::write_config(const SlapdOptions& options) const {
    std::string tls;
    if (tls_)
        tls = fmt::format(
            "TLSCertificateFile {}\nTLSCertificateKeyFile {}\n",
            options.certificate_file,
            options.key_file
        );
    dir_.write(
        "slapd.conf",
        fmt::format(
            config,
            dir_.path().string(),
            tls,
            root,
            admin_dn,
            admin_password,
            reader_dn,
            options.limits
        )
    );
}

void Slapd::start_on_free_ports() {
    // Somebody else may take one of them before slapd does.
    for (int tries = 0; tries < 5; ++tries) {
        port_ = free_port();
        tls_port_ = free_port();
        if (try_start())
            return;
    }
    throw std::runtime_error("slapd does not start: " + read_file(dir_.path() / "log"));
}

bool Slapd::try_start() {
    std::string urls = fmt::format("ldap://127.0.0.1:{}/", port_);
    if (tls_)
        urls += fmt::format(" ldaps://127.0.0.1:{}/", tls_port_);
    pid_ = start_program(
        dir_.path() / "log",
        {slapd_program, "-d", "0", "-h", urls, "-f", (dir_.path() / "slapd.conf").string()}
    );
    return wait_for_port(pid_, port_);
}

void Slapd::modify(const std::string& ldif) const {
    const fs::path file = dir_.write("change.ldif", ldif);
    run_program(
        dir_.path() / "log",
        {changer_program,
         "-x",
         "-H",
         fmt::format("ldap://127.0.0.1:{}", port_),
         "-D",
         admin_dn,
         "-w",
         admin_password,
         "-f",
         file.string()}
    );
}

void Slapd::pause() const {
    ::kill(pid_, SIGSTOP);
    ::waitpid(pid_, nullptr, WUNTRACED);  // all of its threads stand still
}

void Slapd::resume() const {
    ::kill(pid_, SIGCONT);
}

void Slapd::kill9() {
    if (pid_ <= 0)
        return;
    ::kill(pid_, SIGKILL);
    wait_for_program(std::exchange(pid_, 0));
}

void Slapd::restart() {
    if (pid_ == 0 && !try_start())
        throw std::runtime_error("slapd does not start again: " + read_file(dir_.path() / "log"));
}

}  // namespace pchat::test

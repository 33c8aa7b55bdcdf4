// SPDX-License-Identifier: Apache-2.0
#include "server/app/settings_rules.h"

#include "base/secret_reference.h"
#include "server/app/ip_address.h"
#include "server/domain/directory_url.h"
#include "topology/rules/host_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace pchat::app {
namespace {

using config::Slot;
using Findings = std::vector<Diagnostic>;

bool written(const Text& text) {
    return text.given() && !text->empty();
}

std::string name_of(const ListenSettings& listener) {
    const bool v6 = listener.address->find(':') != std::string::npos;
    return fmt::format(
        "listener {}{}{}:{}", v6 ? "[" : "", *listener.address, v6 ? "]" : "", *listener.port
    );
}

void check_plain(const Settings& settings, Findings& findings) {
    for (const ListenSettings& listener : settings.listen) {
        if (!listener.tls.known() || *listener.tls || !listener.address.given())
            continue;
        const auto address = parse_ip(*listener.address);
        if (!address || address->loopback)
            continue;
        findings.push_back(
            {.at = listener.tls.at,
             .message =
                 fmt::format("{} has no TLS and is open to other machines", name_of(listener)),
             .hint = "listen on 127.0.0.1 or ::1, or leave 'tls' out and name a certificate"}
        );
    }
}

void check_certificate(const Settings& settings, Findings& findings) {
    for (const ListenSettings& listener : settings.listen) {
        if (!listener.tls.known() || !*listener.tls)
            continue;
        // Half a pair is another rule's business, and what could not be read is nobody's.
        const bool any = !listener.certificate.absent() || !listener.key.absent() ||
                         !settings.tls.certificate.absent() || !settings.tls.key.absent() ||
                         !settings.tls.known();
        if (any)
            continue;
        findings.push_back(
            {.at = listener.at,
             .message = fmt::format("{} has TLS and no certificate", name_of(listener)),
             .hint = "tls: {certificate: /etc/pchat/server.crt, key: /etc/pchat/server.key}"}
        );
    }
}

void check_pair(
    const Text& certificate, const Text& key, const std::string& owner, Findings& findings
) {
    if (!certificate.readable() || !key.readable() || written(certificate) == written(key))
        return;
    const bool has_certificate = written(certificate);
    findings.push_back(
        {.at = has_certificate ? certificate.at : key.at,
         .message = has_certificate ? owner + " has a certificate and no key"
                                    : owner + " has a key and no certificate",
         .hint = has_certificate ? "add 'key': the file with the private key of this certificate"
                                 : "add 'certificate': the file that this key belongs to"}
    );
}

void check_pairs(const Settings& settings, Findings& findings) {
    check_pair(settings.tls.certificate, settings.tls.key, "'tls'", findings);
    for (const ListenSettings& listener : settings.listen)
        check_pair(listener.certificate, listener.key, name_of(listener), findings);
}

using NamedDatabase = std::pair<std::string_view, const DatabaseSettings*>;

std::vector<NamedDatabase> databases(const Settings& settings) {
    std::vector<NamedDatabase> all;
    if (settings.database.given())
        all.emplace_back("database", &settings.database);
    if (settings.compliance.given())
        all.emplace_back("compliance", &settings.compliance);
    return all;
}

void check_secret(
    const Text& password, std::string_view key, std::string_view kind, Findings& findings
) {
    if (written(password) && !is_secret_reference(*password))
        findings.push_back(
            {.at = password.at,
             .message = fmt::format("'{}.password' is written in place", key),
             .hint = fmt::format(
                 "name it instead: \"file:/etc/pchat/{}.secret\" or \"env:NAME\"; what was "
                 "readable here should be changed",
                 kind
             ),
             .secret = true}
        );
}

void check_secrets(const Settings& settings, Findings& findings) {
    for (const auto& [key, database] : databases(settings))
        check_secret(database->password, key, "database", findings);
    check_secret(settings.directory.password, "directory", "directory", findings);
    check_secret(settings.bus.password, "bus", "bus", findings);
}

void lacks(
    const DatabaseSettings& database,
    const Text& text,
    std::string_view key,
    std::string_view owner,
    Findings& findings
) {
    if (text.readable() && !written(text))
        findings.push_back(
            {.at = database.engine.at,
             .message = fmt::format(
                 "'{}' is {} and has no '{}'", owner, sql::to_string(*database.engine), key
             ),
             .hint = fmt::format("add '{}'", key)}
        );
}

void is_for_others(
    const DatabaseSettings& database,
    const Slot& slot,
    std::string_view key,
    std::string_view owner,
    Findings& findings
) {
    if (slot.given())
        findings.push_back(
            {.at = slot.at,
             .message = fmt::format(
                 "'{}.{}' means nothing to {}", owner, key, sql::to_string(*database.engine)
             ),
             .hint = "take it out, or choose another engine"}
        );
}

void check_engines(const Settings& settings, Findings& findings) {
    for (const auto& [owner, database] : databases(settings)) {
        const DatabaseSettings& d = *database;
        if (!d.engine.given())
            continue;
        const auto need = [&, name = owner](const Text& text, std::string_view key) {
            lacks(d, text, key, name, findings);
        };
        const auto refuse = [&, name = owner](const Slot& slot, std::string_view key) {
            is_for_others(d, slot, key, name, findings);
        };
        if (*d.engine != sql::Engine::sqlserver)
            refuse(d.instance, "instance");
        if (*d.engine != sql::Engine::sqlite) {
            refuse(d.file, "file");
            need(d.host, "host");
            need(d.name, "name");
            need(d.user, "user");
            need(d.password, "password");
            continue;
        }
        need(d.file, "file");
        refuse(d.host, "host");
        refuse(d.port, "port");
        refuse(d.name, "name");
        refuse(d.user, "user");
        refuse(d.password, "password");
        refuse(d.driver, "driver");
        refuse(d.tls, "tls");
    }
}

void check_addresses(const Settings& settings, Findings& findings) {
    for (const ListenSettings& listener : settings.listen)
        if (listener.address.given() && !parse_ip(*listener.address))
            findings.push_back(
                {.at = listener.address.at,
                 .message = fmt::format("'{}' is not an IP address", *listener.address),
                 .hint =
                     *listener.address == "localhost"
                         ? "write 127.0.0.1 or ::1"
                         : "names are not looked up here; 0.0.0.0 is every address of the machine"}
            );
}

void check_twice(const Settings& settings, Findings& findings) {
    const auto& all = settings.listen.items;
    for (std::size_t i = 0; i < all.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) {
            const bool both = all[i].port.given() && all[j].port.given() && *all[i].port != 0;
            if (!both || *all[i].port != *all[j].port || *all[i].address != *all[j].address)
                continue;
            findings.push_back(
                {.at = all[i].address.at,
                 .message = fmt::format("{} is there twice", name_of(all[i])),
                 .hint = "take one of them out",
                 .notes = {{all[j].address.at, "first here"}}}
            );
            break;
        }
}

void check_same_database(const Settings& settings, Findings& findings) {
    const DatabaseSettings& one = settings.database;
    const DatabaseSettings& other = settings.compliance;
    if (!one.engine.given() || !other.engine.given() || *one.engine != *other.engine)
        return;
    const bool sqlite = *one.engine == sql::Engine::sqlite;
    const bool same = sqlite ? written(one.file) && *one.file == *other.file
                             : written(one.name) && *one.name == *other.name &&
                                   *one.host == *other.host && *one.instance == *other.instance &&
                                   *one.port == *other.port;
    if (same)
        findings.push_back(
            {.at = sqlite ? other.file.at : other.name.at,
             .message = "'compliance' is the content database",
             .hint = "what proves that nothing was taken away lives in a database of its own",
             .notes = {{sqlite ? one.file.at : one.name.at, "the content database"}}}
        );
}

void check_names(const Settings& settings, Findings& findings) {
    for (const auto& [key, text] :
         {std::pair{"fqdn", &settings.server.fqdn}, std::pair{"pool", &settings.server.pool}}) {
        if (!text->given())
            continue;
        if (const auto flaw = topology::flaw_of_name(**text, topology::NameKind::host, ""))
            findings.push_back(
                {.at = text->at,
                 .message = fmt::format(
                     "'server.{}' is no full host name: '{}': {}", key, **text, flaw->what
                 ),
                 .hint = flaw->hint}
            );
    }
    const Text& host = settings.server.host;
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.';
    };
    if (written(host) && !parse_ip(*host) && !std::all_of(host->begin(), host->end(), fits))
        findings.push_back(
            {.at = host.at,
             .message =
                 fmt::format("'server.host' is neither a host name nor an IP address: '{}'", *host),
             .hint = "leave scheme and port out: pc1.contoso.example"}
        );
}

void check_durability(const Settings& settings, Findings& findings) {
    if (settings.allow_unsafe_durability.given() && *settings.allow_unsafe_durability)
        findings.push_back(
            {.severity = Severity::warning,
             .at = settings.allow_unsafe_durability.at,
             .message =
                 "messages that were confirmed may be lost when the database's machine fails",
             .hint = "leave it out wherever messages matter"}
        );
}

void check_directory(const Settings& settings, Findings& findings) {
    const DirectorySettings& chosen = settings.directory;
    if (!written(chosen.url))
        return;
    const auto url = parse_directory_url(*chosen.url);
    if (!url)
        findings.push_back(
            {.at = chosen.url.at,
             .message = "'directory.url': " + url.error().message,
             .hint = url.error().hint}
        );
    else if (url->tls && chosen.start_tls.given() && *chosen.start_tls)
        findings.push_back(
            {.at = chosen.start_tls.at,
             .message = "'directory' would be encrypted twice",
             .hint = "leave startTls out: ldaps is encrypted from the first byte",
             .notes = {{chosen.url.at, "the URL"}}}
        );
    else if (!url->tls && !url->loopback && chosen.start_tls.known() && !*chosen.start_tls)
        findings.push_back(
            {.at = chosen.url.at,
             .message = fmt::format("'directory.url' is not encrypted: '{}'", *chosen.url),
             .hint = "write ldaps://, or add 'startTls: true'"}
        );
}

constexpr std::array rules{
    SettingsRule{
        "SET-01",
        Severity::error,
        "a listener without TLS is open to other machines",
        "Tokens and messages would cross the network readable.",
        "Listen on a loopback address, or with TLS.",
        check_plain},
    SettingsRule{
        "SET-02",
        Severity::error,
        "a listener with TLS has no certificate",
        "Without one no client can connect.",
        "Name certificate and key under tls, or at the listener.",
        check_certificate},
    SettingsRule{
        "SET-03",
        Severity::error,
        "a certificate has no key, or a key no certificate",
        "The two are used together; a listener takes both from one place.",
        "Name the other file beside the first.",
        check_pairs},
    SettingsRule{
        "SET-04",
        Severity::error,
        "a password is written in place",
        "Settings are read by more people than secrets may be, and end up in backups and "
        "repositories.",
        "Put it into a file that only the service reads, name it as file:PATH, and change it.",
        check_secrets},
    SettingsRule{
        "SET-05",
        Severity::error,
        "a database lacks what its engine needs, or has what the engine does not know",
        "SQLite is a file; the others are a name on a server, reached by a login.",
        "Add or take out the field that the message names.",
        check_engines},
    SettingsRule{
        "SET-06",
        Severity::error,
        "a listener's address is not an IP address",
        "A name may lead anywhere, and elsewhere tomorrow.",
        "Write an address of the machine, 0.0.0.0, ::, or one of loopback.",
        check_addresses},
    SettingsRule{
        "SET-07",
        Severity::error,
        "two listeners have the same address and port",
        "The second could not be opened.",
        "Take one out or give it another port.",
        check_twice},
    SettingsRule{
        "SET-08",
        Severity::error,
        "both databases are the same",
        "Whoever may change content must not be able to change its record.",
        "Give compliance a database of its own.",
        check_same_database},
    SettingsRule{
        "SET-09",
        Severity::error,
        "the machine or the pool has no full host name",
        "Clients are sent to these names, and certificates are checked against them.",
        "Write the name with its domain: pc1.contoso.example.",
        check_names},
    SettingsRule{
        "SET-10",
        Severity::warning,
        "a database that may forget is allowed",
        "A message whose sender saw a number is promised to be there after a failure; a database "
        "that confirms before it writes cannot keep that promise.",
        "Leave allowUnsafeDurability out; for trials the warning does no harm.",
        check_durability},
    SettingsRule{
        "SET-11",
        Severity::error,
        "the directory cannot be reached as it is named, or only in the open",
        "Passwords of users and of the reading account go over this connection; without encryption "
        "it may lead to this machine only.",
        "Write ldaps://HOST, or ldap://HOST with startTls.",
        check_directory},
};

}  // namespace

std::span<const SettingsRule> settings_rules() {
    return rules;
}

}  // namespace pchat::app

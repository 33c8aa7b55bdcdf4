// SPDX-License-Identifier: Apache-2.0
// What a machine must have for its pool.
#include "base/time_text.h"
#include "cli/certificate.h"
#include "cli/deploy/preflight_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::int64_t renew_days = 14;
constexpr std::int64_t day = 24 * 60 * 60;

/// Whether connections to this address stay on the machine.
bool is_own(const NodeFound& found, const std::string& address) {
    return address.starts_with("127.") || address == "::1" ||
           std::find(found.addresses.begin(), found.addresses.end(), address) !=
               found.addresses.end();
}

}  // namespace

Outcome check_names(const Preflight& /*with*/, const Asked& asked) {
    std::vector<std::string> unknown;
    for (const auto& [name, addresses] : asked.found.names)
        if (addresses.empty())
            unknown.push_back(name);
    if (!unknown.empty())
        return Outcome(
            Verdict::bad,
            fmt::format("not known there: {}", fmt::join(unknown, ", ")),
            "enter them in the DNS that it asks, or in its /etc/hosts"
        );
    const auto own = asked.found.names.find(*asked.machine->fqdn);
    const bool other =
        own != asked.found.names.end() && !asked.found.addresses.empty() &&
        std::none_of(own->second.begin(), own->second.end(), [&](const std::string& address) {
            return is_own(asked.found, address);
        });
    if (other)
        return Outcome(
            Verdict::warning,
            fmt::format(
                "{} leads to {} there, which is another machine",
                own->first,
                fmt::join(own->second, ", ")
            ),
            "who asks for it by name on that machine gets to the other one: look at its /etc/hosts"
        );
    const auto& stated = asked.machine->addresses.items;
    const bool elsewhere =
        own != asked.found.names.end() && !stated.empty() &&
        std::none_of(stated.begin(), stated.end(), [&](const topology::Text& address) {
            const auto& known = own->second;
            return std::find(known.begin(), known.end(), *address) != known.end();
        });
    if (elsewhere)
        return Outcome(
            Verdict::warning,
            fmt::format("{} leads to {}", own->first, fmt::join(own->second, ", ")),
            "the topology has other addresses for it"
        );
    return Outcome(Verdict::good, fmt::format("{} known", asked.found.names.size()));
}

Outcome check_certificate(const Preflight& with, const Asked& asked) {
    const std::string* text = with.secrets.tls ? &with.secrets.tls->certificate : nullptr;
    for (const MachineSecrets& one : with.secrets.machines)
        if (text == nullptr && one.fqdn == *asked.machine->fqdn)
            text = &one.tls.certificate;
    const auto facts = text == nullptr ? Result<CertificateFacts>{fail(Errc::not_found, "none")}
                                       : certificate_facts(*text);
    if (!facts)
        return Outcome(Verdict::bad, "there is none that can be read", "pchatctl deploy ca --help");
    const std::vector<std::string> wanted{*asked.machine->fqdn, *with.pool.fqdn};
    if (!is_for(*text, wanted))
        return Outcome(
            Verdict::bad,
            fmt::format("{} does not hold for {}", facts->subject, fmt::join(wanted, " and ")),
            "clients would refuse it: have one made for these names"
        );
    const std::string end = time_text(Microseconds{facts->not_after * 1'000'000}).substr(0, 10);
    if (facts->not_before > with.now || facts->not_after <= with.now)
        return Outcome(
            Verdict::bad,
            fmt::format("it is not valid today; it ends on {}", end),
            fmt::format("pchatctl deploy ca renew {}", *with.pool.fqdn)
        );
    const bool soon = facts->not_after - with.now < renew_days * day;
    return Outcome(
        soon ? Verdict::warning : Verdict::good,
        fmt::format("until {}", end),
        soon ? fmt::format("pchatctl deploy ca renew {}", *with.pool.fqdn) : ""
    );
}

Outcome check_database(const Preflight& with, const Asked& asked) {
    const auto on_server = [](const DatabaseAccess& access) {
        return access.target.engine != sql::Engine::sqlite;
    };
    const bool any = on_server(with.secrets.content) ||
                     (with.secrets.compliance && on_server(*with.secrets.compliance));
    if (!any)
        return Outcome(Verdict::good, "a file on the machine itself");
    std::vector<std::string> away;
    for (const auto& [place, state] : asked.found.reached)
        if (state != "open")
            away.push_back(fmt::format("{} ({})", place, state));
    return required(
        away.empty(),
        away.empty() ? fmt::format("{} server(s) take connections", asked.found.reached.size())
                     : fmt::format("not reached from there: {}", fmt::join(away, ", ")),
        "is it running, does a firewall let this machine through?"
    );
}

Outcome check_driver(const Preflight& with, const Asked& asked) {
    const auto& drivers = asked.found.drivers;
    std::vector<std::string> wanted{own_driver(with.secrets.content)};
    if (with.secrets.compliance)
        wanted.push_back(own_driver(*with.secrets.compliance));
    for (const std::string& driver : wanted)
        if (!driver.empty() && std::find(drivers.begin(), drivers.end(), driver) == drivers.end())
            return Outcome(
                Verdict::bad,
                fmt::format("/etc/odbcinst.ini has no '{}'", driver),
                "Microsoft's is package msodbcsql18 of packages.microsoft.com; or take `driver` "
                "out of the topology to use the release's own"
            );
    return Outcome(Verdict::good, "the release brings it, or the machine has it");
}

Outcome check_file_store(const Preflight& with, const Asked& asked) {
    const topology::FileStore* store = with.topology.file_store(with.pool.file_store);
    if (store == nullptr || !topology::stated(store->path))
        return Outcome(Verdict::good, "none is used by a path");
    const auto one = asked.found.stores.find(*store->path);
    const FoundStore found = one != asked.found.stores.end() ? one->second : FoundStore{};
    if (!found.there && !own_store(with.topology, with.pool).empty())
        return Outcome(Verdict::good, fmt::format("{} is made", *store->path));
    if (!found.there)
        return Outcome(
            Verdict::bad,
            fmt::format("there is no {}", *store->path),
            topology::stated(store->server)
                ? fmt::format("mount {} of {} there", *store->share, *store->server)
                : "mount there what all machines of the pool share"
        );
    if (!found.writable)
        return Outcome(
            Verdict::bad,
            fmt::format("{} cannot be written: {}", *store->path, found.problem),
            fmt::format("give it to the number {0}: chown {0}:{0}", account_id)
        );
    const bool alone = !found.mounted && has_bus(with.pool);
    return Outcome(
        alone ? Verdict::warning : Verdict::good,
        alone ? fmt::format("{} is a folder of the machine itself", *store->path)
              : fmt::format("{} on {}", *store->path, found.source),
        alone ? "all machines of a pool must see the same files" : ""
    );
}

Outcome check_release(const Preflight& /*with*/, const Asked& asked) {
    std::string text = asked.found.current.empty() ? "none yet" : asked.found.current;
    if (!asked.found.others.empty() && asked.found.active.empty())
        return Outcome(
            Verdict::warning,
            fmt::format(
                "it has files that were not deployed: {}", fmt::join(asked.found.others, ", ")
            ),
            "they are replaced"
        );
    return Outcome(Verdict::good, std::move(text));
}

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/wording.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace pchat::topology {
namespace {

void pool_has_a_store(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        if (!pool.file_store.given() || !pool.file_store->empty())
            continue;
        report.add({
            .at = pool.file_store.at,
            .subject = subject(pool),
            .message = fmt::format("the file store of {} is empty", subject(pool)),
            .hint = "name one of fileStores",
        });
    }
}

void several_machines_need_a_share(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const FileStore* store = all.file_store(pool.file_store);
        // On a Standard Edition server the kind is what is wrong: ED-03.
        if (store == nullptr || !pool.kind.given() || *pool.kind != PoolKind::multiple ||
            all.collocated_machine(pool) != nullptr || !store->server.known() ||
            !store->share.known())
            continue;
        std::vector<std::string> missing;
        if (!stated(store->server))
            missing.emplace_back("server");
        if (!stated(store->share))
            missing.emplace_back("share");
        if (missing.empty())
            continue;
        report.add({
            .at = pool.file_store.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} is of kind multiple, but {} has no {}: each machine would keep files of its "
                "own",
                subject(pool),
                subject(*store),
                missing.size() == 1 ? missing.front() : "server and no share"
            ),
            .hint = fmt::format(
                "add {} to the store; path stays the directory under which the machines see it",
                listed(missing)
            ),
            .notes = {{store->at, subject(*store)}},
        });
    }
}

const FrontEnd* front_end_at(const Directory& all, const Text& server) {
    const FrontEnd* by_name = all.front_end(server);
    return by_name != nullptr ? by_name : all.front_end_on(server);
}

bool is_edition(const FrontEnd* front_end, Edition edition) {
    return front_end != nullptr && front_end->edition.given() && *front_end->edition == edition;
}

void not_on_enterprise_front_end(const Directory& all, Report& report) {
    for (const FileStore& store : all.spec().file_stores) {
        const FrontEnd* front_end = front_end_at(all, store.server);
        if (!is_edition(front_end, Edition::enterprise))
            continue;
        report.add({
            .at = store.server.at,
            .subject = subject(store),
            .message = fmt::format(
                "{} is on {}, an Enterprise Edition {}",
                subject(store),
                *store.server,
                same_host(front_end->fqdn, store.server) ? "pool" : "front end"
            ),
            .hint =
                "put the share on a file server, a database server or a Standard Edition server",
            .notes = {{front_end->at, subject(*front_end)}},
        });
    }
}

// The site that a store serves: its own when stated, else that of the first pool that uses it.
struct ServedSite {
    const Text* name;
    std::string owner;
};

ServedSite served_site(const Directory& all, const FileStore& store) {
    if (!store.site.absent())
        return {&store.site, subject(store)};
    for (const Pool& pool : all.spec().pools)
        if (all.file_store(pool.file_store) == &store)
            return {&pool.site, subject(pool)};
    return {&store.site, {}};
}

Report::Finding other_site(
    const Pool& pool,
    const Site& site,
    const FileStore& store,
    const Site& home,
    const ServedSite& served
) {
    const bool stated_site = served.name == &store.site;
    return {
        .at = pool.file_store.at,
        .subject = subject(pool),
        .message = stated_site ? fmt::format(
                                     "{} is in {}, but its {} belongs to {}",
                                     subject(pool),
                                     subject(site),
                                     subject(store),
                                     subject(home)
                                 )
                               : fmt::format(
                                     "{} in {} shares {} with {} in {}",
                                     subject(pool),
                                     subject(site),
                                     subject(store),
                                     served.owner,
                                     subject(home)
                                 ),
        .hint = fmt::format("define a store in {} for the pool", subject(site)),
        .notes = {{served.name->at, fmt::format("the site of {}", served.owner)}}};
}

void store_stays_in_its_site(const Directory& all, Report& report) {
    for (const FileStore& store : all.spec().file_stores) {
        const ServedSite served = served_site(all, store);
        // A site that is not defined is another finding (REF-01, POOL-14).
        const Site* home = all.site(*served.name);
        if (home == nullptr)
            continue;
        for (const Pool& pool : all.spec().pools) {
            const Site* site = all.site(pool.site);
            if (all.file_store(pool.file_store) == &store && site != nullptr && site != home)
                report.add(other_site(pool, *site, store, *home, served));
        }
    }
}

// What else runs on the server of a store.
struct Neighbour {
    Span at;
    std::string what;
};

std::vector<Neighbour> neighbours_of(const Directory& all, const FileStore& store) {
    std::vector<Neighbour> found;
    for (const SqlInstance& instance : all.spec().sql_instances)
        if (same_host(instance.server, store.server))
            found.push_back({instance.server.at, subject(instance)});
    for (const FrontEnd& front_end : all.spec().front_ends)
        for (const FrontEndMachine& machine : front_end.machines)
            if (same_host(machine.fqdn, store.server))
                found.push_back({machine.at, subject(front_end)});
    for (const Pool& pool : all.spec().pools)
        for (const Machine& machine : pool.machines)
            if (same_host(machine.fqdn, store.server))
                found.push_back({machine.at, subject(pool)});
    for (const OtherServer& other : all.spec().other_servers)
        if (same_host(other.fqdn, store.server))
            for (const Text& role : other.roles)
                found.push_back({role.at, fmt::format("the {} role", *role)});
    return found;
}

void share_on_a_server_of_its_own(const Directory& all, Report& report) {
    for (const FileStore& store : all.spec().file_stores) {
        // On an Enterprise Edition front end it is an error: FS-03.
        if (!stated(store.server) ||
            is_edition(front_end_at(all, store.server), Edition::enterprise))
            continue;
        std::vector<std::string> names;
        std::vector<DiagnosticNote> notes;
        for (const Neighbour& neighbour : neighbours_of(all, store)) {
            names.push_back(neighbour.what);
            notes.push_back({neighbour.at, fmt::format("{} runs there", neighbour.what)});
        }
        if (names.empty())
            continue;
        report.add({
            .at = store.server.at,
            .subject = subject(store),
            .message =
                fmt::format("{} shares {} with {}", subject(store), *store.server, listed(names)),
            .hint = "use a file server of its own, or accept FS-06 when files are few",
            .notes = std::move(notes),
        });
    }
}

constexpr std::array rules{
    Rule{
        .id = "FS-01",
        .title = "a pool has no file store",
        .why = "Files that people post, and what compliance collects of them, are kept in the file "
               "store. The product does not publish a pool without one.",
        .source =
            "Skype for Business Server 2015, plan Persistent Chat, services; Topology Builder, "
            "define the pool",
        .fix = "Define a store under 'fileStores' and name it in the pool.",
        .origin = Origin::page,
        .check = pool_has_a_store},
    Rule{
        .id = "FS-02",
        .title = "a pool of kind multiple has a file store that is a local directory",
        .why =
            "A file that was posted through one server is fetched through any other. That needs "
            "one place that all of them reach: a share on the network. A local path is for a "
            "single pool only, and a multiple pool with one machine would have to move its files "
            "the day it grows.",
        .source =
            "Topology Builder, define the file store; Skype for Business Server 2015, plan the "
            "topology",
        .fix = "Give the store a 'server' and a 'share'; 'path' says where the machines mount it.",
        .check = several_machines_need_a_share},
    Rule{
        .id = "FS-03",
        .title = "a file store is on an Enterprise Edition front end",
        .why =
            "A share may be on a Standard Edition server, on a database server or on a server of "
            "its own. Enterprise Edition front ends come and go as a group, and a share on one of "
            "them would go with it.",
        .source = "Lync Server 2013 and Skype for Business Server 2015, file share requirements",
        .fix = "Move the share to a file server.",
        .check = not_on_enterprise_front_end},
    Rule{
        .id = "FS-05",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "a file store is used by a pool of another site",
        .why =
            "One share is meant to serve the servers of one site. Across sites every file crosses "
            "the link between them, and both sites stand still when one of them is cut off.",
        .source = "Lync Server 2013 and Skype for Business Server 2015, file share requirements",
        .fix = "Define a store in the site of the pool.",
        .check = store_stays_in_its_site},
    Rule{
        .id = "FS-06",
        .sfb2015 = Level::warning,
        .lync2013 = Level::off,
        .title = "a file store shares its server with a database or another role",
        .why =
            "Both products allow a share on a database server or a Standard Edition server; Skype "
            "for Business Server 2015 adds the advice to keep it apart, as files fill the disk "
            "that the other role needs. Under 'lync2013' it is fine without a word. A store "
            "without 'server' is a local directory and not judged.",
        .source = "Skype for Business Server 2015, file share requirements",
        .fix = "Use a file server of its own, or accept the warning.",
        .check = share_on_a_server_of_its_own},
};

}  // namespace

std::span<const Rule> file_rules() {
    return rules;
}

}  // namespace pchat::topology

// SPDX-License-Identifier: Apache-2.0
#include "base/secret_reference.h"
#include "base/unicode.h"
#include "topology/rules/families.h"
#include "topology/rules/references.h"
#include "topology/rules/report.h"
#include "topology/rules/sql_place.h"
#include "topology/rules/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pchat::topology {
namespace {

bool is_embedded(const SqlInstance& instance) {
    return instance.engine.given() && *instance.engine == Engine::sqlite;
}

void check_embedded_alone(const SqlInstance& instance, Report& report) {
    const auto refuse = [&](Span at, std::string_view what) {
        report.add(
            {.at = at,
             .subject = subject(instance),
             .message = fmt::format(
                 "{} is an sqlite database and cannot have {}", subject(instance), what
             ),
             .hint = fmt::format(
                 "remove it, or use postgresql or sqlserver; copies of '{}' are made by backup",
                 *instance.name
             )}
        );
    };
    if (stated(instance.mirror))
        refuse(instance.mirror.at, "a mirror");
    else if (stated(instance.witness))
        refuse(instance.witness.at, "a witness");
    else if (instance.availability.given() && *instance.availability != Availability::none)
        refuse(instance.availability.at, "an availability of the engine");
}

void check_embedded_of_pool(const Directory& all, const Pool& pool, Report& report) {
    // Of the machines too many of a pool that has to have one only, POOL-02 and ED-03 tell.
    const bool alone = (pool.kind.given() && *pool.kind == PoolKind::single) ||
                       all.collocated_machine(pool) != nullptr;
    const DatabasePlace* reported = nullptr;
    for (const DatabasePlace& place : all.databases()) {
        if (place.pool != &pool || !is_embedded(*place.instance))
            continue;
        const bool backup =
            place.use == DatabaseUse::backup_content || place.use == DatabaseUse::backup_compliance;
        if (backup) {
            if (!Directory::may_have_backups(pool))
                continue;
            report.add(
                {.at = place.reference->at,
                 .subject = subject(*place.instance),
                 .message = fmt::format(
                     "{} is an sqlite database and cannot be the {} instance of {}",
                     subject(*place.instance),
                     to_string(place.use),
                     subject(pool)
                 ),
                 .hint = "name a postgresql or sqlserver instance that receives the changes of the "
                         "original"}
            );
        } else if (pool.machines.size() > 1 && !alone && reported == nullptr) {
            reported = &place;
            report.add(
                {.at = place.reference->at,
                 .subject = subject(*place.instance),
                 .message = fmt::format(
                     "{} of {} uses the sqlite database '{}', which only one machine can open",
                     subject(pool),
                     counted(pool.machines.size(), "machine"),
                     *place.instance->name
                 ),
                 .hint = "use postgresql or sqlserver for its databases, or keep one machine",
                 .notes = {{pool.machines.items[1].at, "the second machine"}}}
            );
        }
    }
}

void check_embedded(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances)
        if (is_embedded(instance))
            check_embedded_alone(instance, report);
    for (const Pool& pool : all.spec().pools)
        check_embedded_of_pool(all, pool, report);
}

// Embedded databases have fixed file names, so one directory serves one pool.
bool same_files(const DatabasePlace& a, const DatabasePlace& b) {
    return a.pool != b.pool && is_embedded(*a.instance) && same_place(*a.instance, *b.instance);
}

const Text& database_name(const Pool& pool, DatabaseUse use) {
    return use == DatabaseUse::content ? pool.databases.content_name
                                       : pool.databases.compliance_name;
}

void check_names_differ(const Directory& all, const Pool& pool, Report& report) {
    const SqlInstance* content = all.sql(pool.databases.content);
    const SqlInstance* compliance = all.sql(pool.databases.compliance);
    const Text& one = database_name(pool, DatabaseUse::content);
    const Text& two = database_name(pool, DatabaseUse::compliance);
    if (content == nullptr || compliance == nullptr || is_embedded(*content) || !one.known() ||
        !two.known())
        return;
    const bool one_instance = content == compliance || same_place(*content, *compliance);
    if (!one_instance || !equal_ignoring_case(*one, *two))
        return;
    const Text& written = two.given() ? two : one;
    report.add(
        {.at = written.at,
         .subject = subject(pool),
         .message = fmt::format(
             "content and compliance database of {} are both '{}' in '{}'",
             subject(pool),
             *two,
             *content->name
         ),
         .hint = "give complianceName another value, or leave both names out"}
    );
}

void check_databases_apart(const Directory& all, Report& report) {
    const auto& places = all.databases();
    for (auto later = places.begin(); later != places.end(); ++later) {
        const bool told = std::any_of(places.begin(), later, [&](const DatabasePlace& other) {
            return other.pool == later->pool && same_place(*other.instance, *later->instance);
        });
        const auto first = std::find_if(places.begin(), later, [&](const DatabasePlace& other) {
            return same_files(other, *later);
        });
        if (told || first == later)
            continue;
        report.add(
            {.at = later->reference->at,
             .subject = subject(*later->instance),
             .message = fmt::format(
                 "databases of {} and {} end up in one directory: {}",
                 subject(*first->pool),
                 subject(*later->pool),
                 place_name(*later->instance)
             ),
             .hint = fmt::format(
                 "define another sqlite instance with a path of its own for {}",
                 subject(*later->pool)
             ),
             .notes =
                 {{first->reference->at,
                   fmt::format(
                       "{} keeps its {} database there",
                       subject(*first->pool),
                       to_string(first->use)
                   )}}}
        );
    }
    for (const Pool& pool : all.spec().pools)
        check_names_differ(all, pool, report);
}

// The message must not repeat the value, and the excerpt below it masks it.
void check_secret(
    const Text& text,
    std::string_view field,
    const std::string& who,
    std::string_view example,
    Report& report
) {
    if (!stated(text) || is_secret_reference(*text))
        return;
    report.add(
        {.at = text.at,
         .subject = who,
         .message = fmt::format("'{}' of {} is written in place", field, who),
         .hint = fmt::format(
             "name it instead: \"{}\" or \"env:NAME\" (a path needs file: in front); what was "
             "readable here should be changed",
             example
         ),
         .secret = true}
    );
}

void check_secrets(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances) {
        const Credentials& logins = instance.credentials;
        check_secret(
            logins.provision,
            "credentials.provision",
            subject(instance),
            "file:secrets/sql-admin",
            report
        );
        check_secret(
            logins.owner, "credentials.owner", subject(instance), "file:secrets/sql-owner", report
        );
        check_secret(
            logins.run, "credentials.run", subject(instance), "file:secrets/sql-run", report
        );
        check_secret(
            logins.reader,
            "credentials.reader",
            subject(instance),
            "file:secrets/sql-reader",
            report
        );
    }
    for (const Pool& pool : all.spec().pools) {
        check_secret(
            pool.tls.certificate, "tls.certificate", subject(pool), "file:secrets/pool.crt", report
        );
        check_secret(pool.tls.key, "tls.key", subject(pool), "file:secrets/pool.key", report);
        check_secret(pool.tls.ca, "tls.ca", subject(pool), "file:secrets/ca.crt", report);
    }
}

// Whether everything that could name a thing was read. What hides in an unreadable part may use it.
bool all_read(const Directory& all) {
    const Spec& spec = all.spec();
    const auto machines_read = [](const Pool& pool) { return pool.machines.known(); };
    return spec.links.known() && spec.front_ends.known() && spec.sql_instances.known() &&
           spec.pools.known() && std::all_of(spec.pools.begin(), spec.pools.end(), machines_read);
}

// A pool that does not say where it keeps something may have been meant to say this: that much was
// reported already (SQL-10, SQL-11, FS-01).
bool has_gap(const Spec& spec, Named kind) {
    return std::any_of(spec.pools.begin(), spec.pools.end(), [&](const Pool& pool) {
        return (kind == Named::sql_instance && !stated(pool.databases.content)) ||
               (kind == Named::sql_instance && pool.compliance.enabled.given() &&
                *pool.compliance.enabled && !stated(pool.databases.compliance)) ||
               (kind == Named::file_store && !stated(pool.file_store));
    });
}

// Rules whose way out is to name an instance.
constexpr std::array<std::string_view, 9> needs_an_instance{
    "SQL-01", "SQL-02", "SQL-03", "HA-01", "HA-02", "HA-03", "HA-10", "OWN-01", "POOL-08"};

void check_unused(const Directory& all, Report& report) {
    if (!all_read(all))
        return;
    const auto found = references(all);
    // One that cannot be read or leads nowhere may have meant the thing: then REF-01 has spoken.
    const auto clear = [&](Named kind) {
        return !has_gap(all.spec(), kind) &&
               std::all_of(found.begin(), found.end(), [&](const Reference& reference) {
                   return reference.kind != kind ||
                          (reference.text->known() &&
                           (!stated(*reference.text) || is_defined(all, reference)));
               });
    };
    const auto unused = [&](Named kind, const Text& name) {
        return stated(name) &&
               std::none_of(found.begin(), found.end(), [&](const Reference& reference) {
                   return reference.kind == kind && stated(*reference.text) &&
                          **reference.text == *name;
               });
    };
    const auto warn = [&](const Text& name, std::string who) {
        report.add(
            {.at = name.at,
             .subject = who,
             .message = fmt::format("{} is used by nothing", who),
             .hint = "use it, or remove it"}
        );
    };
    if (clear(Named::data_center))
        for (const DataCenter& center : all.spec().data_centers)
            if (unused(Named::data_center, center.name))
                warn(center.name, fmt::format("data center {}", *center.name));
    // Who was told to name another instance may have meant this one.
    const bool wanted =
        std::any_of(needs_an_instance.begin(), needs_an_instance.end(), [&](std::string_view rule) {
            return report.has_found(rule);
        });
    if (!wanted && clear(Named::sql_instance))
        for (const SqlInstance& instance : all.spec().sql_instances)
            if (unused(Named::sql_instance, instance.name) && instance.other_databases.known() &&
                instance.other_databases.empty())
                warn(instance.name, subject(instance));
    if (clear(Named::file_store))
        for (const FileStore& store : all.spec().file_stores)
            if (unused(Named::file_store, store.name))
                warn(store.name, subject(store));
}

constexpr std::array rules{
    Rule{
        .id = "OWN-01",
        .title = "an sqlite database serves several machines, has a mirror, or is a backup",
        .why = "SQLite is a file that the server opens itself: no other machine can share it, "
               "network file systems break its locks, and it has no replication. It is the default "
               "for one machine, and only for one. Standby machines count, for they are to take "
               "over with the same database.",
        .source = "this project; SQLite: Appropriate uses",
        .fix = "Use postgresql or sqlserver for pools of several machines and for everything that "
               "needs a copy elsewhere.",
        .origin = Origin::ours,
        .check = check_embedded},
    Rule{
        .id = "OWN-02",
        .title = "databases of different pools, or two of one pool, end up in the same place",
        .why = "Embedded databases are the files content.db and compliance.db below 'path'. Two "
               "pools with one path would write into each other's messages as soon as both are on "
               "one machine or restored to one. On a database server the names decide: content and "
               "compliance need two.",
        .source = "this project",
        .fix = "One sqlite instance with its own path for each pool; different contentName and "
               "complianceName in one instance.",
        .origin = Origin::ours,
        .check = check_databases_apart},
    Rule{
        .id = "OWN-03",
        .title = "a credential is written in place",
        .why = "A topology is reviewed, versioned, mailed and published to the database; a "
               "password or key in it is known to everybody who ever saw the file. Credentials are "
               "named instead: 'env:NAME' for a variable, 'file:PATH' for a file, both read only "
               "where pchatctl runs.",
        .source = "this project",
        .fix = "Put the value into a file with mode 0600 or a variable, name that, and change the "
               "credential: it has been seen.",
        .origin = Origin::ours,
        .check = check_secrets},
    Rule{
        .id = "OWN-04",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "a defined instance, file store or data center is used by nothing",
        .why = "It is either left over, or something that should name it does not. Nothing breaks; "
               "but who plans a failover by this file would count on it. While another rule asks "
               "for an instance, unused ones are not told: one of them may be the answer.",
        .source = "this project",
        .fix = "Name it where it belongs, or remove it.",
        .origin = Origin::ours,
        .check = check_unused},
};

}  // namespace

std::span<const Rule> ownership_rules() {
    return rules;
}

}  // namespace pchat::topology

// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/references.h"

#include "base/unicode.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/sql_place.h"
#include "topology/rules/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

// The names of one kind in the document. Not `complete`: one of them could not be read, and may be
// the very one that is missed.
struct Names {
    std::string_view noun;  // "sql instance"
    std::string_view list;  // "sqlInstances"
    std::vector<std::string_view> defined;
    bool complete = true;
};

template <class T>
Names names_of(std::string_view noun, std::string_view list, const List<T>& things, Text T::*name) {
    Names out{noun, list, {}, things.known()};
    for (const T& thing : things) {
        const Text& text = thing.*name;
        out.complete = out.complete && text.given();
        if (text.given())
            out.defined.emplace_back(*text);
    }
    return out;
}

Names names_of(const Spec& spec, Named kind) {
    switch (kind) {
    case Named::data_center:
        return names_of("data center", "dataCenters", spec.data_centers, &DataCenter::name);
    case Named::site:
        return names_of("site", "sites", spec.sites, &Site::name);
    case Named::sql_instance:
        return names_of("sql instance", "sqlInstances", spec.sql_instances, &SqlInstance::name);
    case Named::file_store:
        return names_of("file store", "fileStores", spec.file_stores, &FileStore::name);
    case Named::pool:
        return names_of("pool", "pools", spec.pools, &Pool::fqdn);
    }
    return {};
}

std::string known_names(const Names& names) {
    if (names.defined.empty())
        return fmt::format("spec.{} is empty: define it there", names.list);
    return fmt::format("defined in spec.{}: {}", names.list, fmt::join(names.defined, ", "));
}

// A single pool that should bear the name of its machine, as ED-02 and POOL-04 say: who names it by
// that is right.
bool is_due_name(const Directory& all, const Reference& reference) {
    const List<Pool>& pools = all.spec().pools;
    return reference.kind == Named::pool &&
           std::any_of(pools.begin(), pools.end(), [&](const Pool& pool) {
               return pool.kind.given() && *pool.kind == PoolKind::single &&
                      pool.machines.size() == 1 &&
                      same_host(pool.machines.items.front().fqdn, *reference.text);
           });
}

void check_reference(const Directory& all, const Reference& reference, Report& report) {
    if (!stated(*reference.text) || is_defined(all, reference) || is_due_name(all, reference))
        return;
    const Names names = names_of(all.spec(), reference.kind);
    if (!names.complete)
        return;
    report.add(
        {.at = reference.text->at,
         .subject = reference.subject,
         .message = fmt::format(
             "no {} '{}' is defined, but '{}' of {} names it",
             names.noun,
             **reference.text,
             reference.field,
             reference.subject
         ),
         .hint = known_names(names),
         .remark = did_you_mean(**reference.text, names.defined)}
    );
}

void check_link(const Link& link, Report& report) {
    const TextList& between = link.between;
    if (!between.given() || !between.known())
        return;
    const bool two = between.size() == 2 && *between.items[0] != *between.items[1];
    if (two)
        return;
    report.add(
        {.at = between.at,
         .subject = "a link",
         .message =
             between.size() == 2
                 ? fmt::format("a link goes from data center '{}' to itself", *between.items[0])
                 : fmt::format("a link joins two data centers, this one names {}", between.size()),
         .hint = "write between: [one, other]"}
    );
}

void check_references(const Directory& all, Report& report) {
    for (const Reference& reference : references(all))
        check_reference(all, reference, report);
    for (const Link& link : all.spec().links)
        check_link(link, report);
}

enum class Case : std::uint8_t { matters, ignored };

bool same(const Text& a, const Text& b, Case letters) {
    if (!stated(a) || !stated(b))
        return false;
    return letters == Case::ignored ? equal_ignoring_case(*a, *b) : *a == *b;
}

template <class T>
void check_unique(
    std::string_view noun,
    const List<T>& things,
    Text T::*name,
    Case letters,
    Report& report,
    const std::string& inside = {}
) {
    for (auto later = things.begin(); later != things.end(); ++later) {
        const Text& text = (*later).*name;
        const auto first = std::find_if(things.begin(), later, [&](const T& other) {
            return same(other.*name, text, letters);
        });
        if (first == later)
            continue;
        report.add(
            {.at = text.at,
             .subject = fmt::format("{} {}", noun, *text),
             .message = fmt::format("{} '{}' is defined twice{}", noun, *text, inside),
             .hint = "remove one of them, or give it a name of its own",
             .notes = {{((*first).*name).at, "defined here before"}}}
        );
    }
}

// Mirrors, witnesses and backups that are the instance itself have rules that say more: HA-01,
// HA-02.
bool are_partners(const Directory& all, const SqlInstance& a, const SqlInstance& b) {
    const auto named = [&](const SqlInstance& one, const SqlInstance& other) {
        return all.sql(one.mirror) == &other || all.sql(one.witness) == &other;
    };
    const auto backs_up = [&](const Pool& pool) {
        const SqlInstance* content = all.sql(pool.databases.content);
        const SqlInstance* backup = all.sql(pool.databases.backup_content);
        return (content == &a && backup == &b) || (content == &b && backup == &a);
    };
    const List<Pool>& pools = all.spec().pools;
    return named(a, b) || named(b, a) || std::any_of(pools.begin(), pools.end(), backs_up);
}

void check_one_entry_each(const Directory& all, Report& report) {
    const List<SqlInstance>& instances = all.spec().sql_instances;
    for (auto later = instances.begin(); later != instances.end(); ++later) {
        if (!later->engine.given() || *later->engine == Engine::sqlite)
            continue;
        const auto first = std::find_if(instances.begin(), later, [&](const SqlInstance& other) {
            return same_place(other, *later) && !same(other.name, later->name, Case::matters) &&
                   !are_partners(all, other, *later);
        });
        if (first == later)
            continue;
        report.add(
            {.at = later->server.at,
             .subject = subject(*later),
             .message = fmt::format(
                 "sql instances '{}' and '{}' are one and the same: {}",
                 *first->name,
                 *later->name,
                 place_name(*later)
             ),
             .hint =
                 "keep one entry and use its name everywhere, or correct server, instance or port",
             .notes = {{first->server.at, fmt::format("'{}' is there too", *first->name)}}}
        );
    }
}

void check_one_link_each(const Directory& all, Report& report) {
    const List<Link>& links = all.spec().links;
    const auto ends = [](const Link& link) {
        std::vector<std::string> names;
        for (const Text& end : link.between)
            names.push_back(*end);
        std::sort(names.begin(), names.end());
        return names;
    };
    for (auto later = links.begin(); later != links.end(); ++later) {
        if (!later->between.known() || later->between.size() != 2)
            continue;
        const auto first = std::find_if(links.begin(), later, [&](const Link& other) {
            return ends(other) == ends(*later);
        });
        if (first == later)
            continue;
        report.add(
            {.at = later->between.at,
             .subject = fmt::format("link {}", fmt::join(ends(*later), " - ")),
             .message = fmt::format("the link between {} is described twice", listed(ends(*later))),
             .hint = "keep one of the two",
             .notes = {{first->between.at, "described here before"}}}
        );
    }
}

void check_duplicates(const Directory& all, Report& report) {
    const Spec& spec = all.spec();
    check_unique("data center", spec.data_centers, &DataCenter::name, Case::matters, report);
    check_unique("site", spec.sites, &Site::name, Case::matters, report);
    check_unique("front end", spec.front_ends, &FrontEnd::fqdn, Case::ignored, report);
    check_unique("other server", spec.other_servers, &OtherServer::fqdn, Case::ignored, report);
    check_unique("sql instance", spec.sql_instances, &SqlInstance::name, Case::matters, report);
    check_unique("file store", spec.file_stores, &FileStore::name, Case::matters, report);
    check_unique("pool", spec.pools, &Pool::fqdn, Case::ignored, report);
    for (const FrontEnd& front_end : spec.front_ends)
        check_unique(
            "machine",
            front_end.machines,
            &FrontEndMachine::fqdn,
            Case::ignored,
            report,
            " in " + subject(front_end)
        );
    for (const Pool& pool : spec.pools)
        check_unique(
            "machine", pool.machines, &Machine::fqdn, Case::ignored, report, " in " + subject(pool)
        );
    check_one_entry_each(all, report);
    check_one_link_each(all, report);
}

constexpr std::array rules{
    Rule{
        .id = "REF-01",
        .title = "a name refers to nothing",
        .why = "Things in the document name each other: a pool its databases, a machine its data "
               "center. A name that nothing bears is nearly always a slip of the pen. Names of "
               "hosts are compared without regard to case, all others exactly. For a next hop "
               "POOL-12 speaks, for the site of a pool POOL-14. While a definition of the same "
               "kind cannot be read, this rule is silent, for that may be the one that is meant.",
        .source = "this project",
        .fix = "Correct the name, or define the thing.",
        .origin = Origin::ours,
        .check = check_references},
    Rule{
        .id = "REF-02",
        .title = "two things of one kind have the same name",
        .why = "Everything is found by its name, so of two with one name the second would never be "
               "seen, and which of them was meant nobody could tell. The same holds for two "
               "entries that describe one and the same SQL instance: limits for each instance "
               "would be counted apart.",
        .source = "this project",
        .fix = "Remove one of them, or rename it and what refers to it.",
        .origin = Origin::ours,
        .check = check_duplicates},
};

}  // namespace

std::vector<Reference> references(const Directory& all) {
    const Spec& spec = all.spec();
    std::vector<Reference> out;
    const auto put =
        [&](Named kind, const Text& text, const std::string& who, std::string_view field) {
            out.push_back({kind, &text, who, field});
        };
    for (const Link& link : spec.links)
        for (const Text& end : link.between)
            put(Named::data_center, end, "a link", "between");
    for (const Site& site : spec.sites)
        put(Named::pool, site.default_pool, subject(site), "defaultPool");
    for (const FrontEnd& front_end : spec.front_ends) {
        put(Named::site, front_end.site, subject(front_end), "site");
        put(Named::sql_instance, front_end.sql, subject(front_end), "sql");
    }
    for (const SqlInstance& instance : spec.sql_instances) {
        put(Named::data_center, instance.data_center, subject(instance), "dataCenter");
        put(Named::sql_instance, instance.mirror, subject(instance), "mirror");
        put(Named::sql_instance, instance.witness, subject(instance), "witness");
    }
    for (const FileStore& store : spec.file_stores)
        put(Named::site, store.site, subject(store), "site");
    for (const Pool& pool : spec.pools) {
        for (const Machine& machine : pool.machines)
            put(Named::data_center, machine.data_center, subject(machine), "dataCenter");
        put(Named::sql_instance, pool.databases.content, subject(pool), "databases.content");
        put(Named::sql_instance, pool.databases.compliance, subject(pool), "databases.compliance");
        put(Named::sql_instance,
            pool.databases.backup_content,
            subject(pool),
            "databases.backupContent");
        put(Named::sql_instance,
            pool.databases.backup_compliance,
            subject(pool),
            "databases.backupCompliance");
        put(Named::file_store, pool.file_store, subject(pool), "fileStore");
    }
    return out;
}

bool is_defined(const Directory& all, const Reference& reference) {
    switch (reference.kind) {
    case Named::data_center:
        return all.data_center(*reference.text) != nullptr;
    case Named::site:
        return all.site(*reference.text) != nullptr;
    case Named::sql_instance:
        return all.sql(*reference.text) != nullptr;
    case Named::file_store:
        return all.file_store(*reference.text) != nullptr;
    case Named::pool:
        return all.pool(*reference.text) != nullptr;
    }
    return false;
}

std::span<const Rule> reference_rules() {
    return rules;
}

}  // namespace pchat::topology

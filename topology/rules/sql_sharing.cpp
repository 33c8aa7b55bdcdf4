// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/sql_place.h"
#include "topology/rules/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

bool is_compliance(const DatabasePlace& place) {
    return !is_content(place);
}

// Embedded databases are files; OWN-01 and OWN-02 speak for those.
bool is_server(const SqlInstance& instance) {
    return instance.engine.given() && *instance.engine != Engine::sqlite;
}

// One database of a kind that must not meet a second one, and who it belongs to.
struct Holding {
    const void* owner;
    const SqlInstance* instance;
    Span at;
    std::string whose;  // "pool pc.contoso.example", "front end fe.contoso.example"
};
using Holdings = std::vector<Holding>;

// A pool's database and its own backup count once: where they meet, HA-01 speaks.
void put(Holdings& holdings, Holding holding) {
    const auto same_owner = [&](const Holding& other) { return other.owner == holding.owner; };
    if (std::none_of(holdings.begin(), holdings.end(), same_owner))
        holdings.push_back(std::move(holding));
}

Holdings pool_databases(
    const std::vector<const DatabasePlace*>& places, bool (*counts)(const DatabasePlace&)
) {
    Holdings out;
    for (const DatabasePlace* place : places)
        if (counts(*place))
            put(out, {place->pool, place->instance, place->reference->at, subject(*place->pool)});
    return out;
}

Holdings back_ends(const Directory& all, const SqlInstance& instance) {
    Holdings out;
    for (const FrontEnd* front_end : all.back_ends_on(instance))
        put(out, {front_end, &instance, front_end->sql.at, subject(*front_end)});
    return out;
}

// Complains at the second one and points back at the others.
void report_crowd(
    const SqlInstance& instance, const Holdings& crowd, std::string_view what, Report& report
) {
    if (crowd.size() < 2)
        return;
    std::vector<std::string> owners;
    std::vector<DiagnosticNote> notes;
    for (std::size_t i = 0; i < crowd.size(); ++i) {
        owners.push_back(crowd[i].whose);
        if (i != 1)
            notes.push_back({crowd[i].at, fmt::format("{} puts one there too", crowd[i].whose)});
    }
    report.add(
        {.at = crowd[1].at,
         .subject = subject(instance),
         .message = fmt::format(
             "{} would hold {} {}, of {}", subject(instance), crowd.size(), what, listed(owners)
         ),
         .hint = fmt::format(
             "define another instance under sqlInstances and name it for {}", crowd[1].whose
         ),
         .notes = std::move(notes)}
    );
}

void check_one_of_each(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances) {
        if (!is_server(instance))
            continue;
        report_crowd(instance, back_ends(all, instance), "back-end databases", report);
        report_crowd(
            instance,
            pool_databases(all.databases_on(instance), is_content),
            "content databases",
            report
        );
    }
}

void check_one_of_the_others(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances) {
        if (!is_server(instance))
            continue;
        report_crowd(
            instance,
            pool_databases(all.databases_on(instance), is_compliance),
            "compliance databases",
            report
        );
        const auto& others = instance.other_databases.items;
        for (auto it = others.begin(); it != others.end(); ++it) {
            const auto first =
                std::find_if(others.begin(), it, [&](const Text& text) { return *text == **it; });
            if (first == it)
                continue;
            report.add(
                {.at = it->at,
                 .subject = subject(instance),
                 .message = fmt::format("{} would hold two {} databases", subject(instance), **it),
                 .hint = "list it once, or move the second one to another instance",
                 .notes = {{first->at, "listed here before"}}}
            );
        }
    }
}

// The first two of different owners on different instances of one server. Those on one instance are
// the business of SQL-01 and SQL-02, two entries for one instance that of REF-02.
void report_shared_server(const Holdings& all_of_kind, std::string_view what, Report& report) {
    for (std::size_t second = 1; second < all_of_kind.size(); ++second) {
        const Holding& later = all_of_kind[second];
        for (std::size_t first = 0; first < second; ++first) {
            const Holding& earlier = all_of_kind[first];
            const bool clash = later.owner != earlier.owner && later.instance != earlier.instance &&
                               same_server(*later.instance, *earlier.instance) &&
                               !same_place(*later.instance, *earlier.instance);
            if (!clash)
                continue;
            report.add(
                {.at = later.at,
                 .subject = subject(*later.instance),
                 .message = fmt::format(
                     "database server {} would carry the {} of {} and of {}",
                     *later.instance->server,
                     what,
                     earlier.whose,
                     later.whose
                 ),
                 .hint = fmt::format(
                     "move the one of {} to an instance on another server", later.whose
                 ),
                 .notes =
                     {{earlier.at,
                       fmt::format(
                           "{} has its own there, on instance '{}'",
                           earlier.whose,
                           *earlier.instance->name
                       )}}}
            );
            break;
        }
    }
}

void check_server(const Directory& all, Report& report) {
    Holdings back_ends;
    for (const FrontEnd& front_end : all.spec().front_ends) {
        const SqlInstance* instance = all.sql(front_end.sql);
        if (instance != nullptr && front_end.edition.given() &&
            *front_end.edition == Edition::enterprise)
            back_ends.push_back({&front_end, instance, front_end.sql.at, subject(front_end)});
    }
    report_shared_server(back_ends, "back ends", report);
    Holdings content;
    Holdings compliance;
    for (const DatabasePlace& place : all.databases())
        (is_content(place) ? content : compliance)
            .push_back({place.pool, place.instance, place.reference->at, subject(*place.pool)});
    report_shared_server(content, "content databases", report);
    report_shared_server(compliance, "compliance databases", report);
}

constexpr std::array rules{
    Rule{
        .id = "SQL-01",
        .title = "one SQL instance holds several back-end databases or several content databases",
        .why = "The databases of the product have fixed names and expect to be the only one of "
               "their kind in an instance. Only the Lync Server 2013 topology page says so in one "
               "sentence (a single back-end and a single chat database for each instance); the "
               "2015 page is silent and allows any of the databases to share an instance, which "
               "its own topology basics then limit in the same way. The limit is applied to both. "
               "A backup database counts, for it becomes the content database after a failover.",
        .source =
            "Lync Server 2013: Components and topologies for Persistent Chat Server, Supported "
            "collocation; Skype for Business Server 2015: Topology basics, SQL Server collocation",
        .fix = "Define one instance for each of them under sqlInstances. Instances may share a "
               "server as far as SQL-03 allows.",
        .origin = Origin::page,
        .check = check_one_of_each},
    Rule{
        .id = "SQL-02",
        .title = "one SQL instance holds several compliance, monitoring or archiving databases",
        .why = "Back end, monitoring, archiving, chat and compliance databases may share an "
               "instance, but each kind only once: each is created under a name that the second "
               "one would need too.",
        .source = "Skype for Business Server 2015: Topology basics, SQL Server collocation; Lync "
                  "Server 2013: Supported server collocation",
        .fix = "Move all but one of them to instances of their own.",
        .check = check_one_of_the_others},
    Rule{
        .id = "SQL-03",
        .title = "one database server carries several Enterprise Edition back ends, content or "
                 "compliance databases",
        .why = "Whatever the number of instances, a database server is meant for one Enterprise "
               "Edition pool, one chat content database and one compliance database; two would "
               "share its disks, and one failure would take both pools down. The Lync Server 2013 "
               "page for Enterprise Edition names only the front end half of this, the collocation "
               "pages of both versions name all of it.",
        .source =
            "Lync Server 2013 and Skype for Business Server 2015: Supported server collocation",
        .fix = "Put the second one on another server.",
        .check = check_server},
};

}  // namespace

std::span<const Rule> sql_sharing_rules() {
    return rules;
}

}  // namespace pchat::topology

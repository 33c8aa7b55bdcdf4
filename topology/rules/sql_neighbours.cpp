// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/sql_place.h"

#include <fmt/format.h>

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

// The Enterprise Edition front end whose back end shares the instance or at least its server.
const FrontEnd* enterprise_neighbour(const Directory& all, const SqlInstance& instance) {
    for (const FrontEnd& front_end : all.spec().front_ends) {
        const SqlInstance* back_end = all.sql(front_end.sql);
        const bool enterprise =
            front_end.edition.given() && *front_end.edition == Edition::enterprise;
        if (back_end != nullptr && enterprise &&
            (back_end == &instance || same_server(*back_end, instance)))
            return &front_end;
    }
    return nullptr;
}

void check_with_back_end(
    const Directory& all, Report& report, bool (*counts)(const DatabasePlace&)
) {
    for (const DatabasePlace& place : all.databases()) {
        if (!counts(place) || !is_server(*place.instance))
            continue;
        const FrontEnd* neighbour = enterprise_neighbour(all, *place.instance);
        if (neighbour == nullptr)
            continue;
        const bool same_instance = all.sql(neighbour->sql) == place.instance;
        const std::string where = same_instance ? subject(*place.instance)
                                                : fmt::format("server {}", *place.instance->server);
        report.add(
            {.at = place.reference->at,
             .subject = subject(*place.instance),
             .message = fmt::format(
                 "the {} database of {} shares {} with the back end of {}",
                 to_string(place.use),
                 subject(*place.pool),
                 where,
                 subject(*neighbour)
             ),
             .hint = "give it an instance on a server of its own; it grows with every message",
             .notes = {{neighbour->sql.at, fmt::format("the back end of {}", subject(*neighbour))}}}
        );
    }
}

void check_content_with_back_end(const Directory& all, Report& report) {
    check_with_back_end(all, report, is_content);
}

void check_compliance_with_back_end(const Directory& all, Report& report) {
    check_with_back_end(all, report, is_compliance);
}

void check_compliance_beside_content(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const SqlInstance* content = all.sql(pool.databases.content);
        const SqlInstance* compliance = all.sql(pool.databases.compliance);
        if (content == nullptr || content != compliance || !is_server(*content))
            continue;
        const bool protected_here =
            content->availability.given() && *content->availability != Availability::none;
        const bool backed_up =
            Directory::may_have_backups(pool) && stated(pool.databases.backup_content);
        if (!protected_here && !backed_up)
            continue;
        report.add(
            {.at = pool.databases.compliance.at,
             .subject = subject(*content),
             .message = fmt::format(
                 "{} holds both the content and the compliance database of {}, which {}",
                 subject(*content),
                 subject(pool),
                 backed_up ? "has a backup in another place" : "is kept highly available"
             ),
             .hint = "give the compliance database an instance of its own: the two fail over by "
                     "different rules",
             .notes = {{pool.databases.content.at, "the content database"}}}
        );
    }
}

const FrontEnd* standard_server(const Directory& all, const SqlInstance& instance) {
    if (!stated(instance.server))
        return nullptr;
    const FrontEnd* front_end = all.front_end_on(instance.server);
    const bool standard = front_end != nullptr && front_end->edition.given() &&
                          *front_end->edition == Edition::standard;
    return standard ? front_end : nullptr;
}

void check_standard_server(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances) {
        const FrontEnd* host = standard_server(all, instance);
        if (host == nullptr)
            continue;
        for (const Text& other : instance.other_databases)
            report.add(
                {.at = other.at,
                 .subject = subject(instance),
                 .message = fmt::format(
                     "Standard Edition server {} would host a {} database", *host->fqdn, *other
                 ),
                 .hint = fmt::format("move the {} database to an SQL server of its own", *other)}
            );
        for (const FrontEnd* guest : all.back_ends_on(instance)) {
            if (guest == host)
                continue;
            report.add(
                {.at = guest->sql.at,
                 .subject = subject(instance),
                 .message = fmt::format(
                     "Standard Edition server {} would host the back end of {}",
                     *host->fqdn,
                     subject(*guest)
                 ),
                 .hint = fmt::format("give {} a back end on another server", subject(*guest)),
                 .notes = {{instance.server.at, fmt::format("{} runs here", subject(instance))}}}
            );
        }
    }
}

constexpr std::array rules{
    Rule{
        .id = "SQL-04",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title =
            "a content database shares the instance or server of an Enterprise Edition back end",
        .why = "Both versions allow it, and both advise against it in the same breath: the content "
               "database keeps every message and grows without end, and a full disk then stops the "
               "registration of users too.",
        .source = "Skype for Business Server 2015: Plan Persistent Chat Server topology; Lync "
                  "Server 2013: Components and topologies for Persistent Chat Server",
        .fix = "Give the content database its own server, or accept the warning with a reason when "
               "only few people chat.",
        .origin = Origin::page,
        .check = check_content_with_back_end},
    Rule{
        .id = "SQL-05",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title =
            "a compliance database shares the instance or server of an Enterprise Edition back end",
        .why = "The Lync Server 2013 page allows it by name, the 2015 page speaks of the chat "
               "database only and leaves the compliance database out. It is accepted under both, "
               "with the warning that both give for content: what is recorded grows with every "
               "event, and the back end suffers first.",
        .source = "Lync Server 2013: Components and topologies for Persistent Chat Server, "
                  "Supported collocation",
        .fix = "Give the compliance database its own server, or accept the warning with a reason.",
        .origin = Origin::page,
        .check = check_compliance_with_back_end},
    Rule{
        .id = "SQL-06",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "content and compliance database share an instance that is mirrored, clustered or "
                 "backed up elsewhere",
        .why = "Side by side in one instance they are supported, and on a Standard Edition server "
               "that is the usual way. With mirroring or a backup data center the guides count "
               "separate instances: in a disaster the content database is restored from shipped "
               "logs, while the compliance database starts empty at the other place.",
        .source = "Skype for Business Server 2015: Configure high availability and disaster "
                  "recovery for Persistent Chat Server",
        .fix = "Define an instance for the compliance database.",
        .check = check_compliance_beside_content},
    Rule{
        .id = "SQL-07",
        .title = "a Standard Edition server hosts a database that is not its own",
        .why = "The Express instance of a Standard Edition server holds its own back end and, if "
               "wanted, the content and the compliance database of the chat pool. Monitoring, "
               "archiving and the back end of another front end are not supported there; Express "
               "also caps the size of each database.",
        .source = "Skype for Business Server 2015: Topology basics, Standard Edition collocation",
        .fix = "Move the database to an SQL server of its own.",
        .check = check_standard_server},
};

}  // namespace

std::span<const Rule> sql_neighbour_rules() {
    return rules;
}

}  // namespace pchat::topology

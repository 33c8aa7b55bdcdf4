// SPDX-License-Identifier: Apache-2.0
#include "base/unicode.h"
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/host_name.h"
#include "topology/rules/report.h"
#include "topology/rules/sql_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

bool is_engine(const SqlInstance& instance, Engine engine) {
    return instance.engine.given() && *instance.engine == engine;
}

void check_availability_group(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances) {
        const bool grouped = instance.availability.given() &&
                             *instance.availability == Availability::availability_group;
        if (!is_engine(instance, Engine::sqlserver) || !grouped)
            continue;
        const auto places = all.databases_on(instance);
        if (places.empty())
            continue;
        const DatabasePlace& place = *places.front();
        report.add(
            {.at = instance.availability.at,
             .subject = subject(instance),
             .message = fmt::format(
                 "{} is in an availability group and holds the {} database of {}",
                 subject(instance),
                 to_string(place.use),
                 subject(*place.pool)
             ),
             .hint = "use 'availability: mirroring' with a mirror and a witness, or 'availability: "
                     "cluster'",
             .notes = {{place.reference->at, "placed there here"}}}
        );
    }
}

void check_release(const SqlInstance& instance, Report& report) {
    if (has_good_release(instance))
        return;
    const std::string_view year = std::string_view{*instance.version}.substr(0, 4);
    const bool old = year.size() == 4 &&
                     year.find_first_not_of("0123456789") == std::string_view::npos &&
                     year < "2012";
    report.add(
        {.at = instance.version.at,
         .subject = subject(instance),
         .message =
             old ? fmt::format(
                       "{} is SQL Server {}, which is too old", subject(instance), *instance.version
                   )
                 : fmt::format(
                       "{} says SQL Server '{}', which is no release known to work",
                       subject(instance),
                       *instance.version
                   ),
         .hint = old ? "upgrade it to SQL Server 2012 or later: the statements sent to it need that"
                     : "releases known to work: 2012, 2014, 2016, 2017, 2019, 2022"}
    );
}

void check_express(const Directory& all, const SqlInstance& instance, Report& report) {
    if (!instance.edition.given() || *instance.edition != SqlEdition::express ||
        !has_place(instance))
        return;
    const FrontEnd* host = all.front_end_on(instance.server);
    if (host != nullptr && (!host->edition.known() || *host->edition == Edition::standard))
        return;
    const bool holds_data = !all.databases_on(instance).empty() ||
                            !all.back_ends_on(instance).empty() ||
                            !instance.other_databases.empty() || !instance.other_databases.known();
    // A witness, or one that nothing uses yet: of that OWN-04 tells.
    if (!holds_data && all.mirrored_by(instance) == nullptr)
        return;
    report.add(
        {.at = instance.edition.at,
         .subject = subject(instance),
         .message = fmt::format(
             "{} is an Express edition on {}, which is no Standard Edition server",
             subject(instance),
             *instance.server
         ),
         .hint =
             "use edition standard or enterprise here; Express may stay as the witness of a mirror"}
    );
}

void check_version(const Directory& all, Report& report) {
    const List<FrontEnd>& front_ends = all.spec().front_ends;
    const bool hosts_known =
        front_ends.known() &&
        std::all_of(front_ends.begin(), front_ends.end(), [](const FrontEnd& front_end) {
            return front_end.machines.known();
        });
    for (const SqlInstance& instance : all.spec().sql_instances) {
        if (!is_engine(instance, Engine::sqlserver))
            continue;
        if (stated(instance.version))
            check_release(instance, report);
        if (hosts_known)
            check_express(all, instance, report);
    }
}

// A content database that is not there at all is reported while reading; this is for an empty name.
void check_content_store(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Text& content = pool.databases.content;
        if (!content.given() || !content->empty())
            continue;
        report.add(
            {.at = content.at,
             .subject = subject(pool),
             .message = fmt::format("databases.content of {} is empty", subject(pool)),
             .hint = "name the SQL instance that holds its content database"}
        );
    }
}

void check_compliance_store(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Text& store = pool.databases.compliance;
        if (!pool.compliance.known() || !pool.databases.known() ||
            !pool.compliance.enabled.known() || !store.known())
            continue;
        const bool enabled = *pool.compliance.enabled;
        if (enabled && !stated(store)) {
            report.error(
                {.at = pool.compliance.enabled.at,
                 .subject = subject(pool),
                 .message = fmt::format(
                     "compliance of {} is enabled, but it has no compliance database", subject(pool)
                 ),
                 .hint = "name an SQL instance in databases.compliance, or set compliance.enabled "
                         "to false"}
            );
            continue;
        }
        const Text& unused = stated(store) ? store : pool.databases.backup_compliance;
        if (!enabled && stated(unused))
            report.warning(
                {.at = unused.at,
                 .subject = subject(pool),
                 .message = fmt::format(
                     "{} has a compliance database, but its compliance is not enabled: nothing is "
                     "recorded",
                     subject(pool)
                 ),
                 .hint = "set compliance.enabled to true, or remove the database from the pool"}
            );
    }
}

// What an SQL Server instance may be called: 16 characters, a letter or underscore first, no
// reserved word.
bool is_instance_name(std::string_view name) {
    constexpr std::size_t longest = 16;
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto inner = [&](char c) {
        return letter(c) || (c >= '0' && c <= '9') || c == '$' || c == '#';
    };
    return !name.empty() && name.size() <= longest && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), inner) && !equal_ignoring_case(name, "default") &&
           !equal_ignoring_case(name, "mssqlserver");
}

bool is_loopback_or_address(std::string_view name) {
    const bool ipv6 = std::count(name.begin(), name.end(), ':') > 1;
    const bool ipv4 = name.find_first_not_of("0123456789.") == std::string_view::npos;
    return ipv6 || ipv4 || equal_ignoring_case(name, "localhost");
}

std::string server_hint(std::string_view server, std::string hint) {
    if (const std::size_t slash = server.find('\\'); slash != std::string_view::npos)
        return fmt::format(
            "write server: {} and instance: {}", server.substr(0, slash), server.substr(slash + 1)
        );
    if (const std::size_t colon = server.find_first_of(":,"); colon != std::string_view::npos)
        return fmt::format(
            "write server: {} and port: {}", server.substr(0, colon), server.substr(colon + 1)
        );
    return hint;
}

void check_server_name(const Directory& all, const SqlInstance& instance, Report& report) {
    if (!stated(instance.server) || is_loopback_or_address(*instance.server))
        return;
    if (const auto flaw = flaw_of_name(*instance.server, NameKind::host, *all.spec().domain))
        report.add(
            {.at = instance.server.at,
             .subject = subject(instance),
             .message = fmt::format(
                 "\"{}\" cannot name the server of {}: {}",
                 *instance.server,
                 subject(instance),
                 flaw->what
             ),
             .hint = server_hint(*instance.server, flaw->hint)}
        );
}

void check_missing_place(const SqlInstance& instance, Report& report) {
    const bool embedded = is_engine(instance, Engine::sqlite);
    const Text& place = embedded ? instance.path : instance.server;
    if (!place.known() || stated(place))
        return;
    report.add(
        {.at = place.given() ? place.at : instance.at,
         .subject = subject(instance),
         .message = fmt::format("{} has no {}", subject(instance), embedded ? "path" : "server"),
         .hint = embedded ? "add 'path', the directory of its database files"
                          : fmt::format(
                                "add 'server', the full name of the machine that {} runs on",
                                to_string(*instance.engine)
                            )}
    );
}

/// From the root of the machine's files to one folder: what a deployment makes the server's own.
bool is_plain_folder(std::string_view path) {
    if (!path.starts_with('/') || tidy_path(path) == "/" || printable(path) != path)
        return false;
    const std::string parts = fmt::format("{}/", path);
    return parts.find("/./") == std::string::npos && parts.find("/../") == std::string::npos;
}

void check_folder(const SqlInstance& instance, Report& report) {
    if (!stated(instance.path) || is_plain_folder(*instance.path))
        return;
    report.add(
        {.at = instance.path.at,
         .subject = subject(instance),
         .message = fmt::format(
             "\"{}\" cannot be the directory of {}", printable(*instance.path), subject(instance)
         ),
         .hint = "write the whole path from / on, without . and .. in it"}
    );
}

void check_foreign_keys(const SqlInstance& instance, Report& report) {
    const bool embedded = is_engine(instance, Engine::sqlite);
    const auto refuse = [&](const Text& text, std::string_view key, std::string_view engine) {
        if (!stated(text))
            return;
        report.add(
            {.at = text.at,
             .subject = subject(instance),
             .message = fmt::format(
                 "'{}' is for engine {}, but {} is a {}",
                 key,
                 engine,
                 subject(instance),
                 to_string(*instance.engine)
             ),
             .hint = fmt::format("remove '{}', or correct the engine", key)}
        );
    };
    if (!is_engine(instance, Engine::sqlserver))
        refuse(instance.instance, "instance", "sqlserver");
    if (embedded)
        refuse(instance.server, "server", "sqlserver or postgresql");
    else
        refuse(instance.path, "path", "sqlite");
}

void check_names(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances) {
        if (!instance.engine.given())
            continue;
        check_missing_place(instance, report);
        check_foreign_keys(instance, report);
        if (is_engine(instance, Engine::sqlite)) {
            check_folder(instance, report);
            continue;
        }
        check_server_name(all, instance, report);
        if (is_engine(instance, Engine::sqlserver) && stated(instance.instance) &&
            !is_instance_name(*instance.instance))
            report.add(
                {.at = instance.instance.at,
                 .subject = subject(instance),
                 .message = fmt::format(
                     "\"{}\" cannot name an instance of SQL Server", *instance.instance
                 ),
                 .hint = "at most 16 letters, digits, _ $ or #, a letter or _ first; leave it out "
                         "for the default instance"}
            );
    }
}

constexpr std::array rules{
    Rule{
        .id = "SQL-08",
        .sfb2015 = Level::error,
        .lync2013 = Level::warning,
        .title = "a content or compliance database is in an availability group",
        .why =
            "The 2015 topology page says that AlwaysOn availability groups are not supported for "
            "the chat databases. The Lync Server 2013 page was written before they were in use and "
            "says nothing, so there it is only a warning. Mirroring and failover clusters are "
            "supported by both; the planning page names both, the topology pages only mirroring.",
        .source = "Skype for Business Server 2015: Plan Persistent Chat Server topology; Plan for "
                  "Persistent Chat Server",
        .fix = "Use mirroring with a witness, or a failover cluster; PostgreSQL with its own "
               "replication is not judged by this rule.",
        .origin = Origin::page,
        .check = check_availability_group},
    Rule{
        .id = "SQL-09",
        .title = "the release or edition of an SQL Server does not fit",
        .why = "The product supported SQL Server 2008 R2 and 2012, and 2014 with its sixth update "
               "in the 2015 version. The statements of this server need 2012, so older ones are "
               "refused, and later ones up to 2022 are fine. Express holds 10 GB at most and "
               "cannot be a mirror: it is for a Standard Edition server itself, or for a witness, "
               "which holds no data. Other engines are not judged by this rule.",
        .source = "Skype for Business Server 2015 and Lync Server 2013: Hardware and software "
                  "requirements for Persistent Chat Server",
        .fix = "Upgrade the instance, or move the databases to one that fits; when the 'version' "
               "or 'edition' in the document is wrong, correct it or leave it out.",
        .check = check_version},
    Rule{
        .id = "SQL-10",
        .title = "a pool has no content database",
        .why = "Rooms, categories, rights and every message live in the content database. A pool "
               "cannot start without one; there is no default, because a pool of several machines "
               "and a single one need different engines.",
        .source =
            "Skype for Business Server 2015: Plan Persistent Chat Server topology, components",
        .fix = "Name an SQL instance in databases.content of the pool. For one machine, one with "
               "'engine: sqlite' is enough.",
        .check = check_content_store},
    Rule{
        .id = "SQL-11",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "compliance is enabled without a compliance database, or the database is there "
                 "and compliance is off",
        .why = "What people do in rooms is recorded into the compliance database before it is "
               "handed to the archive; without one it cannot be recorded at all. The other way "
               "round nothing breaks, but whoever set up the database may believe that it fills.",
        .source =
            "Skype for Business Server 2015: Plan Persistent Chat Server topology, components",
        .fix = "Set both compliance.enabled and databases.compliance, or neither.",
        .check = check_compliance_store},
    Rule{
        .id = "SQL-12",
        .title = "an SQL instance cannot be found as it is written: server, instance name or path",
        .why = "Server names end up in connection strings, certificates and mirroring endpoints, "
               "so they have to be full host names; loopback names and addresses are let through "
               "for one-machine setups. SQL Server limits the names of its instances, and its "
               "instance belongs into a key of its own, not behind a backslash in 'server'. The "
               "directory of embedded databases becomes the server's own when it is deployed: it "
               "has to be said which one that is.",
        .source = "Skype for Business Server 2015: Topology Builder help, define SQL store; SQL "
                  "Server: instance configuration",
        .fix = "Write the full name of the server in 'server', the instance in 'instance', the "
               "port in 'port'; for sqlite only 'path', from / on.",
        .check = check_names},
};

}  // namespace

std::span<const Rule> sql_rules() {
    return rules;
}

}  // namespace pchat::topology

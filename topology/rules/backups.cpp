// SPDX-License-Identifier: Apache-2.0
#include "base/unicode.h"
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

bool is_sqlserver(const SqlInstance& instance) {
    return instance.engine.given() && *instance.engine == Engine::sqlserver;
}

void check_mirror_near(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances) {
        const SqlInstance* mirror = is_sqlserver(instance) ? all.sql(instance.mirror) : nullptr;
        if (mirror == nullptr || mirror == &instance)
            continue;
        const DataCenter* here = all.data_center(instance.data_center);
        const DataCenter* there = all.data_center(mirror->data_center);
        if (here == nullptr || there == nullptr || here == there)
            continue;
        report.error(
            {.at = mirror->data_center.at,
             .subject = subject(instance),
             .message = fmt::format(
                 "{} is in {}, its mirror '{}' in {}",
                 subject(instance),
                 *here->name,
                 *mirror->name,
                 *there->name
             ),
             .hint = fmt::format(
                 "mirror it inside {}; for the other data center use databases.backupContent",
                 *here->name
             ),
             .notes =
                 {{instance.data_center.at,
                   fmt::format("the data center of '{}'", *instance.name)}}}
        );
    }
}

void check_backup_far(
    const Directory& all, const Pool& pool, const Text& original, const Text& backup, Report& report
) {
    const SqlInstance* from = all.sql(original);
    const SqlInstance* to = all.sql(backup);
    // On one server, or on the mirror, HA-01 speaks.
    if (from == nullptr || to == nullptr || from == to || same_server(*from, *to) ||
        all.sql(from->mirror) == to)
        return;
    const DataCenter* here = all.data_center(from->data_center);
    if (here == nullptr || here != all.data_center(to->data_center))
        return;
    report.warning(
        {.at = backup.at,
         .subject = subject(pool),
         .message = fmt::format(
             "the backup instance '{}' of {} is in {} too, with '{}'",
             *to->name,
             subject(pool),
             *here->name,
             *from->name
         ),
         .hint = "name an instance in another data center: a backup is for the loss of a whole one",
         .notes = {{to->data_center.at, fmt::format("the data center of '{}'", *to->name)}}}
    );
}

void check_data_centers(const Directory& all, Report& report) {
    check_mirror_near(all, report);
    for (const Pool& pool : all.spec().pools) {
        if (!Directory::may_have_backups(pool))
            continue;
        check_backup_far(all, pool, pool.databases.content, pool.databases.backup_content, report);
        check_backup_far(
            all, pool, pool.databases.compliance, pool.databases.backup_compliance, report
        );
    }
}

void check_backup_of_single(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Databases& databases = pool.databases;
        const Text& backup = stated(databases.backup_content) ? databases.backup_content
                                                              : databases.backup_compliance;
        if (Directory::may_have_backups(pool) || !stated(backup))
            continue;
        const bool on_front_end = all.collocated_machine(pool) != nullptr;
        report.add(
            {.at = backup.at,
             .subject = subject(pool),
             .message = fmt::format(
                 "{} is of kind single, but has a backup instance '{}'", subject(pool), *backup
             ),
             .hint = on_front_end
                         ? "remove the backup; a pool on a Standard Edition server stays alone"
                         : "make the pool 'kind: multiple' with machines in both data centers, or "
                           "remove the backup",
             .notes = {{pool.kind.at, "single, here"}}}
        );
    }
}

// "\\nas.contoso.example\pchat" of a file store, the way a share is written.
std::string share_of(const FileStore& store) {
    return lower_ascii(fmt::format(R"(\\{}\{})", *store.server, *store.share));
}

// One spelling: lower case, backslashes, none at the end.
std::string tidy_share(std::string_view share) {
    std::string out = lower_ascii(share);
    std::replace(out.begin(), out.end(), '/', '\\');
    while (out.size() > 1 && out.back() == '\\')
        out.pop_back();
    return out;
}

bool ships_logs(const Directory& all, const Pool& pool) {
    const SqlInstance* content = all.sql(pool.databases.content);
    return content != nullptr && is_sqlserver(*content) && Directory::may_have_backups(pool) &&
           stated(pool.databases.backup_content);
}

void check_log_share(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Text& share = pool.databases.log_shipping_share;
        if (!ships_logs(all, pool) || !share.known())
            continue;
        if (!stated(share)) {
            report.add(
                {.at = pool.databases.backup_content.at,
                 .subject = subject(pool),
                 .message = fmt::format(
                     "{} has a backup instance, but no share for its log backups", subject(pool)
                 ),
                 .hint =
                     R"(add databases.logShippingShare, for example "\\nas2.contoso.example\logs")"}
            );
            continue;
        }
        for (const FileStore& store : all.spec().file_stores) {
            if (!stated(store.server) || !stated(store.share) ||
                share_of(store) != tidy_share(*share))
                continue;
            report.add(
                {.at = share.at,
                 .subject = subject(pool),
                 .message = fmt::format(
                     "the log shipping share of {} is file store '{}'", subject(pool), *store.name
                 ),
                 .hint = "use a share of its own, which every SQL server may read and write",
                 .notes = {{store.at, "the file store"}}}
            );
        }
    }
}

void check_compliance_copies(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Databases& databases = pool.databases;
        const bool enabled = pool.compliance.enabled.known() && *pool.compliance.enabled;
        if (!enabled || !Directory::may_have_backups(pool) || !stated(databases.compliance) ||
            !stated(databases.backup_content))
            continue;
        std::vector<std::string> missing;
        if (databases.backup_compliance.known() && !stated(databases.backup_compliance))
            missing.emplace_back("no backup (databases.backupCompliance)");
        const SqlInstance* content = all.sql(databases.content);
        const SqlInstance* compliance = all.sql(databases.compliance);
        if (content != nullptr && compliance != nullptr && is_sqlserver(*compliance) &&
            stated(content->mirror) && compliance->mirror.known() && !stated(compliance->mirror))
            missing.emplace_back("no mirror");
        if (missing.empty())
            continue;
        report.add(
            {.at = databases.compliance.at,
             .subject = subject(pool),
             .message = fmt::format(
                 "the content database of {} is kept elsewhere for a disaster, but its compliance "
                 "database '{}' has {}",
                 subject(pool),
                 *databases.compliance,
                 listed(missing)
             ),
             .hint = "add what is missing: without it recording stops when the content database "
                     "moves",
             .notes = {{databases.backup_content.at, "the backup of the content database"}}}
        );
    }
}

constexpr std::array rules{
    Rule{
        .id = "HA-06",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "a mirror is in another data center than its primary, or a backup in the same one",
        .why = "A mirror answers at once for the failure of one server and has to be near: every "
               "commit waits for it. The backup, filled by log shipping, is for the loss of the "
               "whole data center and has to be far. Primary and mirror form one pair, backup and "
               "its own mirror another. A near backup still restores, hence only a warning.",
        .source = "Skype for Business Server 2015: Resource requirements for Persistent Chat "
                  "Server high availability and disaster recovery",
        .fix = "Move the mirror into the data center of its primary, the backup into the other "
               "one; or correct 'dataCenter'.",
        .check = check_data_centers},
    Rule{
        .id = "HA-07",
        .title = "a pool of kind single has a backup instance",
        .why = "Disaster recovery means that machines of the same pool take over at the other "
               "place. A single pool has one machine and never gets another, so the backup would "
               "have nobody to serve it.",
        .source =
            "Skype for Business Server 2015: Topology Builder help, define the backup SQL store",
        .fix = "Make it a pool of kind multiple, or drop the backup and rely on restores.",
        .check = check_backup_of_single},
    Rule{
        .id = "HA-08",
        .title = "a backup instance without a share for log backups, or with the file store as "
                 "that share",
        .why =
            "The primary writes its log backups to the share and the backup instance fetches them "
            "from there, so every SQL server involved needs to read and write it. The file store "
            "of the pool has other rights and another owner, and filling it with logs stops "
            "uploads. Log shipping is SQL Server's; other engines replicate their own way.",
        .source = "Skype for Business Server 2015: Configure high availability and disaster "
                  "recovery for Persistent Chat Server",
        .fix = "Name a separate share in databases.logShippingShare.",
        .check = check_log_share},
    Rule{
        .id = "HA-10",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title =
            "the content database is protected against a disaster, the compliance database is not",
        .why = "With compliance on, everything that is said has to be recorded, and after a "
               "failover there must be a database to record into. The guides count three further "
               "instances for it: its mirror, its backup and the mirror of that.",
        .source = "Skype for Business Server 2015: Resource requirements for Persistent Chat "
                  "Server high availability and disaster recovery",
        .fix = "Add databases.backupCompliance and a mirror for the compliance instance, or accept "
               "the warning.",
        .check = check_compliance_copies},
};

}  // namespace

std::span<const Rule> backup_rules() {
    return rules;
}

}  // namespace pchat::topology

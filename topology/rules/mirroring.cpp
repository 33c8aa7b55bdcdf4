// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/mirror_session.h"
#include "topology/rules/report.h"
#include "topology/rules/sql_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

void check_promise(const SqlInstance& instance, Report& report) {
    if (!instance.availability.known() || !instance.mirror.known())
        return;
    const bool promised = *instance.availability == Availability::mirroring;
    // With a witness, its mirror is missed by HA-02.
    if (promised && !stated(instance.mirror) && instance.witness.absent())
        report.add(
            {.at = instance.availability.at,
             .subject = subject(instance),
             .message = fmt::format("{} is to be mirrored, but names no mirror", subject(instance)),
             .hint = "add 'mirror' (and 'witness') with the names of other sqlInstances, or set "
                     "availability to none"}
        );
    if (*instance.availability == Availability::none && stated(instance.mirror))
        report.add(
            {.at = instance.mirror.at,
             .subject = subject(instance),
             .message = fmt::format(
                 "{} names a mirror, but its availability is 'none'", subject(instance)
             ),
             .hint = "add 'availability: mirroring', or remove the mirror"}
        );
}

// A pool whose backup stands on the mirror of its own database is told so at the backup.
bool is_backup_of_primary(
    const Directory& all, const SqlInstance& primary, const DatabasePlace& place
) {
    const Databases& databases = place.pool->databases;
    return (place.use == DatabaseUse::backup_content && all.sql(databases.content) == &primary) ||
           (place.use == DatabaseUse::backup_compliance && all.sql(databases.compliance) == &primary
           );
}

// A kind of database that `instance` holds and `other` holds too, of which one instance takes one
// only.
std::string_view shared_kind(
    const Directory& all, const SqlInstance& instance, const SqlInstance& other
) {
    if (!all.back_ends_on(instance).empty() && !all.back_ends_on(other).empty())
        return "back-end";
    for (const bool content : {true, false}) {
        const auto holds = [&](const SqlInstance& one) {
            const auto places = all.databases_on(one);
            return std::any_of(places.begin(), places.end(), [&](const DatabasePlace* place) {
                return is_content(*place) == content &&
                       !is_backup_of_primary(all, instance, *place);
            });
        };
        if (holds(instance) && holds(other))
            return content ? "content" : "compliance";
    }
    return {};
}

void report_crowded_mirror(
    const MirrorSession& session, std::string_view kind, DiagnosticNote note, Report& report
) {
    report.add(
        {.at = session.primary->mirror.at,
         .subject = subject(*session.primary),
         .message = fmt::format(
             "'{}' is no instance of its own for the mirror of {}: it would hold two {} databases",
             *session.mirror->name,
             subject(*session.primary),
             kind
         ),
         .hint = fmt::format("define an instance that only mirrors '{}'", *session.primary->name),
         .notes = {std::move(note)}}
    );
}

// After a failover the mirror holds what the primary held, beside its own.
void check_room_on_mirror(const Directory& all, const MirrorSession& session, Report& report) {
    const SqlInstance& mirror = *session.mirror;
    if (const auto kind = shared_kind(all, *session.primary, mirror); !kind.empty())
        return report_crowded_mirror(
            session, kind, {mirror.at, fmt::format("'{}' has one itself", *mirror.name)}, report
        );
    for (const SqlInstance& other : all.spec().sql_instances) {
        // Of two that share a mirror, the later one is told.
        if (&other == session.primary)
            return;
        const auto kind =
            all.sql(other.mirror) == &mirror ? shared_kind(all, *session.primary, other) : "";
        if (!kind.empty())
            return report_crowded_mirror(
                session,
                kind,
                {other.mirror.at, fmt::format("it mirrors '{}' too", *other.name)},
                report
            );
    }
}

void check_mirror_apart(const Directory& all, const MirrorSession& session, Report& report) {
    const SqlInstance& primary = *session.primary;
    if (session.mirror == nullptr)
        return;
    if (is_itself(primary, *session.mirror)) {
        report.add(
            {.at = primary.mirror.at,
             .subject = subject(primary),
             .message = &primary == session.mirror
                            ? fmt::format("{} is named as its own mirror", subject(primary))
                            : fmt::format(
                                  "{} and its mirror '{}' are one and the same: {}",
                                  subject(primary),
                                  *session.mirror->name,
                                  place_name(primary)
                              ),
             .hint = "name an instance on another server"}
        );
    } else if (same_server(primary, *session.mirror)) {
        report.add(
            {.at = primary.mirror.at,
             .subject = subject(primary),
             .message = fmt::format(
                 "{} and its mirror '{}' are both on server {}",
                 subject(primary),
                 *session.mirror->name,
                 *primary.server
             ),
             .hint = "put the mirror on another server, so that one failure leaves one of them"}
        );
    } else {
        check_room_on_mirror(all, session, report);
    }
}

void check_backup_apart(
    const Directory& all, const Pool& pool, const Text& original, const Text& backup, Report& report
) {
    const SqlInstance* from = all.sql(original);
    const SqlInstance* to = all.sql(backup);
    if (from == nullptr || to == nullptr)
        return;
    const bool on_mirror = all.sql(from->mirror) == to;
    if (!is_itself(*from, *to) && !same_server(*from, *to) && !on_mirror)
        return;
    const std::string where =
        on_mirror    ? fmt::format("'{}', which is the mirror of '{}'", *to->name, *from->name)
        : from == to ? fmt::format("'{}' itself", *to->name)
                     : fmt::format("'{}' on the same server {}", *to->name, *to->server);
    report.add(
        {.at = backup.at,
         .subject = subject(pool),
         .message = fmt::format(
             "the backup of database '{}' of {} is {}", *original, subject(pool), where
         ),
         .hint = "name an instance on another server, best in another data center",
         .notes = {{original.at, "the database it backs up"}}}
    );
}

void check_copies_apart(const Directory& all, Report& report) {
    for (const SqlInstance& instance : all.spec().sql_instances)
        if (instance.engine.given() && *instance.engine == Engine::sqlserver)
            check_promise(instance, report);
    for (const MirrorSession& session : mirror_sessions(all))
        check_mirror_apart(all, session, report);
    for (const Pool& pool : all.spec().pools) {
        check_backup_apart(
            all, pool, pool.databases.content, pool.databases.backup_content, report
        );
        check_backup_apart(
            all, pool, pool.databases.compliance, pool.databases.backup_compliance, report
        );
    }
}

// Says whether the witness fails as one, so that one finding is enough.
bool report_poor_witness(const MirrorSession& session, const SqlInstance& partner, Report& report) {
    const SqlInstance& primary = *session.primary;
    const std::string_view role = &partner == &primary ? "primary" : "mirror";
    if (is_itself(partner, *session.witness)) {
        report.error(
            {.at = primary.witness.at,
             .subject = subject(primary),
             .message =
                 &partner == session.witness
                     ? fmt::format("the witness of {} is its {} itself", subject(primary), role)
                     : fmt::format(
                           "the witness '{}' of {} is its {} itself, written twice",
                           *session.witness->name,
                           subject(primary),
                           role
                       ),
             .hint = "name a third instance, on a third server; an Express edition will do"}
        );
        return true;
    }
    if (!same_server(partner, *session.witness))
        return false;
    report.warning(
        {.at = primary.witness.at,
         .subject = subject(primary),
         .message = fmt::format(
             "the witness of {} is on {}, the server of its {}",
             subject(primary),
             *session.witness->server,
             role
         ),
         .hint = "put it on a third server: here it falls together with the one it should judge"}
    );
    return true;
}

void check_witness(const Directory& all, Report& report) {
    for (const MirrorSession& session : mirror_sessions(all)) {
        const SqlInstance& primary = *session.primary;
        if (!stated(primary.witness))
            continue;
        if (primary.mirror.known() && !stated(primary.mirror))
            report.error(
                {.at = primary.witness.at,
                 .subject = subject(primary),
                 .message = fmt::format("{} has a witness, but no mirror", subject(primary)),
                 .hint = "name a mirror beside the witness, or remove the witness"}
            );
        else if (session.witness != nullptr && !report_poor_witness(session, primary, report) && session.mirror != nullptr)
            report_poor_witness(session, *session.mirror, report);
    }
}

void check_witness_missing(const Directory& all, Report& report) {
    for (const MirrorSession& session : mirror_sessions(all)) {
        const SqlInstance& primary = *session.primary;
        if (stated(primary.mirror) && primary.witness.known() && !stated(primary.witness))
            report.add(
                {.at = primary.mirror.at,
                 .subject = subject(primary),
                 .message = fmt::format(
                     "{} has a mirror but no witness: a failover needs somebody to start it",
                     subject(primary)
                 ),
                 .hint = "name a small third instance in 'witness'; an Express edition will do"}
            );
    }
}

constexpr std::array rules{
    Rule{
        .id = "HA-01",
        .title = "a copy of a database stands where the database stands, or a promised mirror is "
                 "missing",
        .why = "A mirror or a backup helps when it survives what the original does not. It "
               "therefore needs an instance of its own on another server, and one with room: after "
               "a failover it holds everything that the original held, and the limits of one "
               "database of each kind (SQL-01, SQL-02) hold there as well.",
        .source = "Skype for Business Server 2015: Configure high availability and disaster "
                  "recovery for Persistent Chat Server",
        .fix = "Define another sqlInstances entry on another server for the copy; say "
               "'availability: mirroring' where there is a mirror.",
        .check = check_copies_apart},
    Rule{
        .id = "HA-02",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "a witness without a mirror, or one that is its own primary or mirror",
        .why = "A witness holds no data; it only decides, together with one partner, that the "
               "other is gone. It is added and removed together with the mirror, and can decide "
               "nothing when it is one of the two. On the server of one of the two it works, but "
               "falls with it, hence a warning.",
        .source = "Skype for Business Server 2015: Deploy SQL mirroring; SQL Server: Database "
                  "mirroring witness",
        .fix = "Name a third, small instance on a third server, or remove the witness.",
        .check = check_witness},
    Rule{
        .id = "HA-03",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "a mirror without a witness",
        .why = "Without a witness the mirror keeps a copy, but does not take over by itself: "
               "somebody has to be called, notice and start the failover by hand.",
        .source = "Skype for Business Server 2015: Back End Server high availability",
        .fix = "Add a witness, or accept the warning when somebody is always at hand.",
        .check = check_witness_missing},
};

}  // namespace

std::span<const Rule> mirroring_rules() {
    return rules;
}

}  // namespace pchat::topology

// SPDX-License-Identifier: Apache-2.0
#include "base/unicode.h"
#include "topology/rules/sql_place.h"
#include "topology/rules/way.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

std::string_view edition_name(Edition edition) {
    return edition == Edition::standard ? "Standard Edition" : "Enterprise Edition";
}

void check_next_hop(const Way& way, WayReport& report) {
    std::vector<const FrontEnd*> told;
    for (const PoolStep& step : way.pools) {
        const FrontEnd* from = way.before.front_end(step.before->next_hop);
        const FrontEnd* to = way.after.front_end(step.after->next_hop);
        const bool in_place = from != nullptr && to != nullptr && same_host(from->fqdn, to->fqdn);
        const bool differs = from != nullptr && to != nullptr && from->edition.given() &&
                             to->edition.given() && *from->edition != *to->edition;
        if (differs && in_place)
            report.supersedes.push_back({"ED-11", subject(*step.after)});
        if (!differs || std::find(told.begin(), told.end(), to) != told.end())
            continue;
        if (in_place) {
            told.push_back(to);
            report.findings.error(
                {.at = to->edition.at,
                 .subject = subject(*to),
                 .message = fmt::format(
                     "{} is {} and would become {} in place",
                     subject(*to),
                     edition_name(*from->edition),
                     edition_name(*to->edition)
                 ),
                 .hint = "install a front end of the new edition under another name, move nextHop "
                         "to it, and remove this one afterwards",
                 .notes =
                     {{step.after->next_hop.at,
                       fmt::format("{} routes through it", subject(*step.after))}}}
            );
        } else {
            report.findings.warning(
                {.at = step.after->next_hop.at,
                 .subject = subject(*step.after),
                 .message = fmt::format(
                     "{} moves from {} ({}) to {} ({})",
                     subject(*step.after),
                     *from->fqdn,
                     edition_name(*from->edition),
                     *to->fqdn,
                     edition_name(*to->edition)
                 ),
                 .hint = *to->edition == Edition::standard
                             ? "behind a Standard Edition server it is no longer highly available "
                               "and carries fewer users: check the plan"
                             : "publish while few are signed in: all sessions go over to the new "
                               "front end",
                 .notes = {{to->edition.at, fmt::format("the edition of {}", *to->fqdn)}}}
            );
        }
    }
}

struct Home {
    const SqlInstance* instance;
    const Text* reference;
    const Text* name;
};

std::string full_name(const Home& home) {
    if (*home.instance->engine == Engine::sqlite)
        return fmt::format("{} (sqlite)", place_name(*home.instance));
    return fmt::format(
        "'{}' on {} ({})",
        **home.name,
        place_name(*home.instance),
        to_string(*home.instance->engine)
    );
}

bool same_database(const Home& from, const Home& to) {
    const bool embedded = *from.instance->engine == Engine::sqlite;
    return same_place(*from.instance, *to.instance) &&
           (embedded || equal_ignoring_case(**from.name, **to.name));
}

// The old document kept a copy where the new one goes: the data is there already.
bool was_copied_there(const Way& way, const Home& from, const Text& backup, const SqlInstance& to) {
    const auto is_there = [&](const SqlInstance* copy) {
        return copy != nullptr && same_place(*copy, to);
    };
    return is_there(way.before.sql(from.instance->mirror)) || is_there(way.before.sql(backup));
}

// The word in the new document that makes the difference.
Span moved_at(const Home& from, const Home& to) {
    if (**from.reference != **to.reference)
        return to.reference->at;
    if (same_place(*from.instance, *to.instance))
        return to.name->given() ? to.name->at : to.reference->at;
    if (*from.instance->engine != *to.instance->engine)
        return to.instance->engine.at;
    if (*to.instance->engine == Engine::sqlite)
        return to.instance->path.at;
    if (!same_host(from.instance->server, to.instance->server))
        return to.instance->server.at;
    return stated(to.instance->instance) ? to.instance->instance.at : to.instance->at;
}

void check_one_move(const Way& way, const PoolStep& step, DatabaseUse use, WayReport& report) {
    const bool content = use == DatabaseUse::content;
    const auto home_in = [&](const Directory& all, const Databases& databases) {
        const Text& reference = content ? databases.content : databases.compliance;
        return Home{
            all.sql(reference),
            &reference,
            content ? &databases.content_name : &databases.compliance_name};
    };
    const Home from = home_in(way.before, step.before->databases);
    const Home to = home_in(way.after, step.after->databases);
    if (from.instance == nullptr || to.instance == nullptr || !has_place(*from.instance) ||
        !has_place(*to.instance) || !from.name->known() || !to.name->known())
        return;
    const Text& backup =
        content ? step.before->databases.backup_content : step.before->databases.backup_compliance;
    if (same_database(from, to) || was_copied_there(way, from, backup, *to.instance))
        return;
    const bool across = *from.instance->engine != *to.instance->engine;
    Report::Finding finding{
        .at = moved_at(from, to),
        .subject = subject(*step.after),
        .message = fmt::format(
            "the {} database of {} moves from {} to {}; what is in it does not move by itself",
            to_string(use),
            subject(*step.after),
            full_name(from),
            full_name(to)
        )};
    if (across) {
        finding.hint =
            content
                ? "a backup of one engine cannot be restored into another: define a new pool on "
                  "the new instance and make the rooms there (pchatctl estate export, then estate "
                  "apply); messages stay in the old database"
                : "a backup of one engine cannot be restored into another: keep the old database "
                  "for whoever must read it, and add a new pool with the new instance";
        report.findings.error(std::move(finding));
    } else {
        finding.hint = "stop the pool, pchatctl db backup, restore at the new place (db restore), "
                       "then publish";
        report.findings.warning(std::move(finding));
    }
}

void check_moves(const Way& way, WayReport& report) {
    for (const PoolStep& step : way.pools) {
        check_one_move(way, step, DatabaseUse::content, report);
        // A store that nothing was recorded into has nothing to lose.
        if (*step.before->compliance.enabled)
            check_one_move(way, step, DatabaseUse::compliance, report);
    }
}

void check_mirror(const Way& way, WayReport& report) {
    for (const SqlInstance& instance : way.after.spec().sql_instances) {
        const SqlInstance* before = way.before.sql(instance.name);
        if (before == nullptr || !same_place(*before, instance))
            continue;
        const SqlInstance* from = way.before.sql(before->mirror);
        const SqlInstance* to = way.after.sql(instance.mirror);
        if (from == nullptr || to == nullptr || !has_place(*from) || !has_place(*to) ||
            same_place(*from, *to))
            continue;
        const bool renamed = *before->mirror != *instance.mirror;
        report.findings.add(
            {.at = renamed ? instance.mirror.at : to->server.at,
             .subject = subject(instance),
             .message = fmt::format(
                 "the mirror of {} changes from {} to {} in one step",
                 subject(instance),
                 place_name(*from),
                 place_name(*to)
             ),
             .hint = "remove 'mirror', 'witness' and 'availability' and publish; then add them "
                     "with the new mirror and publish again",
             .notes = renamed
                          ? std::vector<DiagnosticNote>{}
                          : std::vector<
                                DiagnosticNote>{{instance.mirror.at, "named as the mirror here"}}}
        );
    }
}

bool same_files(const FileStore& a, const FileStore& b) {
    if (stated(a.server) && stated(a.share) && stated(b.server) && stated(b.share))
        return same_host(a.server, b.server) && equal_ignoring_case(*a.share, *b.share);
    return stated(a.path) && stated(b.path) && !stated(a.server) && !stated(b.server) &&
           tidy_path(*a.path) == tidy_path(*b.path);
}

std::string place_of_files(const FileStore& store) {
    if (stated(store.server) && stated(store.share))
        return fmt::format(R"(\\{}\{})", *store.server, *store.share);
    return stated(store.server) ? fmt::format("{}:{}", *store.server, *store.path)
                                : tidy_path(*store.path);
}

void check_files(const Way& way, WayReport& report) {
    for (const PoolStep& step : way.pools) {
        const FileStore* from = way.before.file_store(step.before->file_store);
        const FileStore* to = way.after.file_store(step.after->file_store);
        if (from == nullptr || to == nullptr || same_files(*from, *to) ||
            place_of_files(*from) == place_of_files(*to))
            continue;
        report.findings.add(
            {.at = step.after->file_store.at,
             .subject = subject(*step.after),
             .message = fmt::format(
                 "the files of {} move from {} to {}; those uploaded so far do not move by "
                 "themselves",
                 subject(*step.after),
                 place_of_files(*from),
                 place_of_files(*to)
             ),
             .hint = "copy the whole directory first, publish, then copy what came in between",
             .notes = {{to->at, fmt::format("file store '{}'", *to->name)}}}
        );
    }
}

void check_recording(const Way& way, WayReport& report) {
    for (const PoolStep& step : way.pools) {
        const Flag& now = step.after->compliance.enabled;
        const bool stops = *step.before->compliance.enabled && now.known() && !*now;
        if (!stops)
            continue;
        report.findings.add(
            {.at = now.given() ? now.at : step.after->at,
             .subject = subject(*step.after),
             .message = fmt::format(
                 "compliance of {} would be switched off: from then on nothing is recorded",
                 subject(*step.after)
             ),
             .hint = now.given() ? "leave it enabled unless the compliance officer has agreed; "
                                   "keep a backup of what is recorded (pchatctl db backup)"
                                 : "put 'compliance: {enabled: true}' back unless the compliance "
                                   "officer has agreed"}
        );
        report.supersedes.push_back({"SQL-11", subject(*step.after)});
    }
}

constexpr std::array rules{
    WayRule{
        .rule =
            {.id = "WAY-02",
             .sfb2015 = Level::varies,
             .lync2013 = Level::varies,
             .title = "the next hop of a pool changes its edition",
             .why =
                 "A front end does not change its edition: Standard keeps its users in a local "
                 "Express database and Enterprise in a back end, so the other edition is another "
                 "installation under another name. A pool may be given another next hop of the "
                 "other edition, but what it can promise changes with it, hence a warning.",
             .source = "Skype for Business Server 2015: Plan Persistent Chat Server topology; "
                       "Topology basics",
             .fix = "Install the new front end beside the old one, move 'nextHop', publish, and "
                    "remove the old one afterwards."},
        .check = check_next_hop},
    WayRule{
        .rule =
            {.id = "WAY-03",
             .sfb2015 = Level::varies,
             .lync2013 = Level::varies,
             .title = "a database of a pool moves to another place",
             .why = "The document only says where a database is. Whoever changes that gets a pool "
                    "that starts on an empty database, while the messages stay where they were. "
                    "Within one engine a backup can be restored at the new place first; from one "
                    "engine to another it cannot. Moving to the mirror or the backup of the old "
                    "place is no such move: the data is there.",
             .source = "this project",
             .fix = "Same engine: stop the pool, back up, restore, publish. Other engine: a new "
                    "pool, and export and import of its rooms.",
             .origin = Origin::ours},
        .check = check_moves},
    WayRule{
        .rule =
            {.id = "WAY-05",
             .title = "the mirror of an instance is replaced by another in one step",
             .why = "A mirroring session is between two instances. It has to be taken apart before "
                    "another partner can be put in: remove, publish, add, publish; in one step the "
                    "old session stays behind and keeps the log from being cut.",
             .source = "Skype for Business Server 2015: Using Windows PowerShell to establish or "
                       "change a mirror",
             .fix = "Publish once without mirror and witness, then once with the new ones."},
        .check = check_mirror},
    WayRule{
        .rule =
            {.id = "WAY-08",
             .sfb2015 = Level::warning,
             .lync2013 = Level::warning,
             .title = "the file store of a pool moves to another place",
             .why = "Messages hold the names of uploaded files only, the files themselves lie in "
                    "the file store. At a new place the links in old messages lead nowhere until "
                    "the files are there.",
             .source = "this project; Skype for Business Server 2015: Plan for Persistent Chat "
                       "Server, chat service",
             .fix = "Copy the directory before and once more after publishing.",
             .origin = Origin::ours},
        .check = check_files},
    WayRule{
        .rule =
            {.id = "WAY-09",
             .sfb2015 = Level::warning,
             .lync2013 = Level::warning,
             .title = "compliance of a pool is switched off",
             .why = "Where people chat under supervision, a gap in the record is an incident. The "
                    "document allows to switch it off, and a line lost in editing does the same.",
             .source = "this project; Skype for Business Server 2015: Plan for Persistent Chat "
                       "Server, compliance service",
             .fix = "Leave it on, or have the decision in writing and export the record first.",
             .origin = Origin::ours},
        .check = check_recording},
};

}  // namespace

std::span<const WayRule> store_way_rules() {
    return rules;
}

}  // namespace pchat::topology

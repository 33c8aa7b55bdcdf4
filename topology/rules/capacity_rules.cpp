// SPDX-License-Identifier: Apache-2.0
#include "topology/capacity.h"
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/wording.h"
#include "topology/thousands.h"

#include <fmt/format.h>

#include <array>

namespace pchat::topology {
namespace {

// Machines that `users` need at the published load.
std::int64_t machines_for(std::int64_t users) {
    return (users + users_per_server - 1) / users_per_server;
}

constexpr auto most_active = static_cast<std::int64_t>(active_machines_max);

// What may be advised depends on the pool: one on a Standard Edition server has one machine for
// ever, and so has one behind it under lync2013.
std::string more_machines(
    const Directory& all, const Pool& pool, std::int64_t users, Ruleset ruleset
) {
    const std::int64_t needed = machines_for(users);
    if (needed > most_active)
        return fmt::format(
            "lower the figure: {} active machines carry {} at most",
            most_active,
            with_thousands(users_over_all)
        );
    const bool alone = all.collocated_machine(pool) != nullptr ||
                       (ruleset == Ruleset::lync2013 && all.hangs_on_standard(pool));
    if (alone)
        return fmt::format(
            "lower the figure, or give the pool {} active machines of its own behind an Enterprise "
            "Edition front end",
            needed
        );
    const bool single = pool.kind.given() && *pool.kind == PoolKind::single;
    return fmt::format(
        "{} {} machines active{}, or lower the figure",
        single ? "make it 'kind: multiple' with" : "have",
        needed,
        needed < most_active ? fmt::format(" ({} to bear the loss of one)", needed + 1) : ""
    );
}

// A pool whose load and active machines are both known.
template <class F>
void for_each_loaded_pool(const Directory& all, F&& with) {
    for (const Pool& pool : all.spec().pools) {
        const Number* users = all.planned_users(pool);
        if (users != nullptr && Directory::countable(pool))
            with(pool, *users, static_cast<std::int64_t>(Directory::active_machines(pool)));
    }
}

// Behind a Standard Edition server the limit of that server comes first: ED-06.
bool is_over_on_standard(const Directory& all, const Pool& pool, Ruleset ruleset) {
    const FrontEnd* server = all.standard_carrier(pool);
    return ruleset == Ruleset::sfb2015 && server != nullptr &&
           all.users_carried_by(*server) > users_per_server;
}

void check_per_server(const Directory& all, Report& report) {
    for_each_loaded_pool(all, [&](const Pool& pool, const Number& users, std::int64_t active) {
        if (active == 0 || *users <= users_per_server * active ||
            is_over_on_standard(all, pool, report.ruleset()))
            return;
        report.add(
            {.at = users.at,
             .subject = subject(pool),
             .message = fmt::format(
                 "{} users on {} of {} are {} for each, at most {} are supported",
                 with_thousands(*users),
                 counted(static_cast<std::size_t>(active), "active machine"),
                 subject(pool),
                 with_thousands((*users + active - 1) / active),
                 with_thousands(users_per_server)
             ),
             .hint = more_machines(all, pool, *users, report.ruleset())}
        );
    });
}

void check_per_pool(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Number* users = all.planned_users(pool);
        if (users == nullptr || **users <= users_over_all)
            continue;
        report.add(
            {.at = users->at,
             .subject = subject(pool),
             .message = fmt::format(
                 "{} plans {} concurrent users, a pool carries at most {}",
                 subject(pool),
                 with_thousands(**users),
                 with_thousands(users_over_all)
             ),
             .hint = "lower the figure; a second pool does not help, the limit holds over all "
                     "pools too (CAP-03)"}
        );
    }
}

void check_over_all(const Directory& all, Report& report) {
    const Number& planned = all.spec().capacity.concurrent_users;
    std::int64_t sum = 0;
    const Number* last = nullptr;
    std::vector<DiagnosticNote> notes;
    for (const Pool& pool : all.spec().pools) {
        const Number* users = all.planned_users(pool);
        if (users == nullptr)
            continue;
        sum += **users;
        last = users;
        notes.push_back({users->at, fmt::format("{} of {}", with_thousands(**users), subject(pool))}
        );
    }
    const bool stated_over = planned.given() && *planned > users_over_all;
    if (!stated_over && sum <= users_over_all)
        return;
    // The sum speaks where the document does not own up to it.
    if (stated_over || notes.size() < 2)
        notes.clear();
    report.add(
        {.at = stated_over ? planned.at : last->at,
         .subject = "deployment",
         .message =
             stated_over
                 ? fmt::format(
                       "{} concurrent users are planned, all pools together carry at most {}",
                       with_thousands(*planned),
                       with_thousands(users_over_all)
                   )
                 : fmt::format(
                       "all pools together plan {} concurrent users, at most {} are supported",
                       with_thousands(sum),
                       with_thousands(users_over_all)
                   ),
         .hint = "lower the figures; more pools or machines do not raise this limit",
         .notes = std::move(notes)}
    );
}

void check_provisioned(const Directory& all, Report& report) {
    const Number& users = all.spec().capacity.provisioned_users;
    if (!users.given() || *users <= provisioned_users_max)
        return;
    report.add(
        {.at = users.at,
         .subject = "deployment",
         .message = fmt::format(
             "{} provisioned users are planned, at most {} are supported",
             with_thousands(*users),
             with_thousands(provisioned_users_max)
         ),
         .hint = "enable fewer people by policy; who is not enabled does not count"}
    );
}

void check_one_down(const Directory& all, Report& report) {
    for_each_loaded_pool(all, [&](const Pool& pool, const Number& users, std::int64_t active) {
        if (active < 2 || *users <= users_per_server * (active - 1) ||
            is_over_on_standard(all, pool, report.ruleset()))
            return;
        report.add(
            {.at = users.at,
             .subject = subject(pool),
             .message = fmt::format(
                 "when one of the {} active machines of {} fails, {}: over {}",
                 active,
                 subject(pool),
                 active == 2 ? fmt::format("the other one has all {} users", with_thousands(*users))
                             : fmt::format(
                                   "{} users are {} for each of the rest",
                                   with_thousands(*users),
                                   with_thousands((*users + active - 2) / (active - 1))
                               ),
                 with_thousands(users_per_server)
             ),
             .hint =
                 machines_for(*users) < most_active
                     ? fmt::format(
                           "have {} machines active, or lower the figure", machines_for(*users) + 1
                       )
                     : fmt::format(
                           "plan for at most {}, or be ready to bring a failed machine back fast",
                           with_thousands(users_per_server * (most_active - 1))
                       )}
        );
    });
}

void check_endpoints(const Directory& all, Report& report) {
    const Number& endpoints = all.spec().capacity.endpoints;
    const auto pools = static_cast<std::int64_t>(all.spec().pools.size());
    if (!endpoints.given() || !all.spec().pools.known() || pools == 0 ||
        *endpoints <= endpoints_per_pool * pools)
        return;
    report.add(
        {.at = endpoints.at,
         .subject = "deployment",
         .message = fmt::format(
             "{} endpoints are planned for {}, the published model goes up to {} for each",
             with_thousands(*endpoints),
             counted(static_cast<std::size_t>(pools), "pool"),
             with_thousands(endpoints_per_pool)
         ),
         .hint = "count clients that are connected at the same time: 1.5 for each user is usual"}
    );
}

void check_acl(const Directory& all, Report& report) {
    constexpr std::int64_t near_max = acl_entries_warn;
    const Number& entries = all.spec().capacity.acl_entries;
    if (!entries.given() || *entries <= near_max)
        return;
    const bool over = *entries > acl_entries_max;
    Report::Finding finding{
        .at = entries.at,
        .subject = "deployment",
        .message = fmt::format(
            "{} entries in membership lists are planned, {} {}",
            with_thousands(*entries),
            over ? "at most" : "close to the maximum of",
            with_thousands(acl_entries_max)
        ),
        .hint = "grant rights to groups instead of single people"};
    if (over) {
        finding.message += " are supported";
        report.error(std::move(finding));
    } else {
        report.warning(std::move(finding));
    }
}

void check_invitations(const Directory& all, Report& report) {
    const Number& invitations = all.spec().capacity.invitations;
    if (!invitations.given() || *invitations <= invitations_degrade)
        return;
    const bool over = *invitations > invitations_max;
    Report::Finding finding{
        .at = invitations.at,
        .subject = "deployment",
        .message = over ? fmt::format(
                              "{} invitations are planned, at most {} are supported",
                              with_thousands(*invitations),
                              with_thousands(invitations_max)
                          )
                        : fmt::format(
                              "{} invitations are planned, sign-in gets slower from {} on",
                              with_thousands(*invitations),
                              with_thousands(invitations_degrade)
                          ),
        .hint = "switch invitations off for the categories with the largest rooms"};
    if (over)
        report.error(std::move(finding));
    else
        report.warning(std::move(finding));
}

constexpr std::array rules{
    Rule{
        .id = "CAP-01",
        .title = "more than 20,000 concurrent users for each active machine",
        .why =
            "A server was published for 20,000 connected users, and refuses more. Standby "
            "machines take none, so they do not count. A pool without a figure of its own is "
            "judged by the deployment's when it is the only pool. Where a Standard Edition server "
            "carries the pool, ED-06 speaks first under 'sfb2015'.",
        .source = "Skype for Business Server 2015: Plan for Persistent Chat Server; Plan "
                  "Persistent Chat Server topology",
        .fix = "Have more machines active (up to four), or plan for fewer users.",
        .origin = Origin::page,
        .check = check_per_server},
    Rule{
        .id = "CAP-02",
        .title = "more than 80,000 concurrent users in one pool",
        .why = "Four active servers with 20,000 users each is the largest pool. The topology pages "
               "of both versions state the 80,000 for one pool; the planning page states it for "
               "all pools together. Both are held: this rule judges the pool, CAP-03 the sum. Pool "
               "and server stop taking users at these numbers.",
        .source = "Skype for Business Server 2015: Plan Persistent Chat Server topology; Lync "
                  "Server 2013: Components and topologies for Persistent Chat Server",
        .fix = "Plan for at most 80,000 users connected at the same time.",
        .origin = Origin::page,
        .check = check_per_pool},
    Rule{
        .id = "CAP-03",
        .title = "more than 80,000 concurrent users over all pools",
        .why = "The planning page notes that several pools do not give more scale: 80,000 "
               "concurrent users hold over all of them. The topology pages speak of the limit for "
               "each pool only (CAP-02) and could be read as if a second pool doubled it. The "
               "stricter reading holds, for pools share the front ends and the directory. The "
               "deployment's own figure counts where it is larger than the sum of the pools.",
        .source = "Skype for Business Server 2015: Plan for Persistent Chat Server, regulatory "
                  "requirements",
        .fix = "Plan for at most 80,000 over the whole deployment; several pools are for data that "
               "must stay in a country.",
        .origin = Origin::page,
        .check = check_over_all},
    Rule{
        .id = "CAP-04",
        .title = "more than 150,000 provisioned users",
        .why = "Everybody whom a policy enables costs rows for principals, groups and rights, "
               "connected or not. 150,000 is the published maximum.",
        .source = "Skype for Business Server 2015: Plan for Persistent Chat Server",
        .fix = "Enable fewer people: by site or user policy instead of the global one.",
        .origin = Origin::page,
        .check = check_provisioned},
    Rule{
        .id = "CAP-05",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "when one active machine fails, the others go over 20,000 users each",
        .why = "The users of a lost machine move to the remaining ones. The 2015 page just says "
               "so; a note for Lync Server 2013 adds the arithmetic: four machines with 80,000 "
               "users leave three with nearly 30,000 each, over their limit until the fourth is "
               "back. Servers here let up to 30,000 in while one of their pool is lost, but "
               "slower. Judged from two active machines on.",
        .source = "Lync Server 2013: Planning for Persistent Chat Server, capacity; Skype for "
                  "Business Server 2015: Plan Persistent Chat Server topology",
        .fix = "Have one machine more than the load needs, or accept the warning and keep a "
               "replacement ready.",
        .check = check_one_down},
    Rule{
        .id = "CAP-06",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "more than 120,000 endpoints for a pool",
        .why = "The published model has 80,000 users with 1.5 clients each. More were not "
               "measured, so this is a warning and no limit. The figure is for the deployment and "
               "is shared out evenly over the pools.",
        .source = "Skype for Business Server 2015: Capacity planning for Persistent Chat Server",
        .fix = "Check the figure; clients that are not connected do not count.",
        .check = check_endpoints},
    Rule{
        .id = "CAP-07",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "more than 2,000,000 entries in membership lists, or more than 80 % of that",
        .why = "Each user or group in a list of members, managers, presenters or creators is an "
               "entry, and each sign-in reads through them. 2,000,000 is the published maximum; "
               "the warning begins at 1,600,000 while there is time to change over to groups.",
        .source = "Skype for Business Server 2015: Capacity planning for Persistent Chat Server",
        .fix = "Put groups or organisational units into the lists, not people.",
        .check = check_acl},
    Rule{
        .id = "CAP-08",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "more than 1,000,000 invitations, or more than 2,000,000",
        .why = "Each person who may enter a room with invitations on gets one. The capacity text "
               "says that performance suffers above one million; the table beside it gives two "
               "million as the maximum, and its own example has 1,160,000. Read together: a "
               "warning above one million, an error above two.",
        .source = "Skype for Business Server 2015: Capacity planning for Persistent Chat Server",
        .fix = "Switch invitations off where rooms are large; their members find them by search.",
        .check = check_invitations},
};

}  // namespace

std::span<const Rule> capacity_rules() {
    return rules;
}

}  // namespace pchat::topology

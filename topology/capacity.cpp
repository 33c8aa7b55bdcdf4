// SPDX-License-Identifier: Apache-2.0
#include "topology/capacity.h"

#include "topology/rules/directory.h"

#include <algorithm>
#include <utility>

namespace pchat::topology {

namespace {

std::int64_t shared_out(std::int64_t users, std::size_t machines) {
    const auto count = static_cast<std::int64_t>(machines);
    return (users + count - 1) / count;
}

std::optional<std::int64_t> figure(const Number& number) {
    return number.given() ? std::optional{*number} : std::nullopt;
}

std::string verdict(const CapacityRow& row, const std::vector<Diagnostic>& findings) {
    const auto found =
        std::find_if(findings.begin(), findings.end(), [&](const Diagnostic& finding) {
            return finding.rule == row.rule && finding.subject == row.subject;
        });
    if (found == findings.end()) {
        // A figure may be over although its rule is silent: then a closer one has spoken.
        if (row.planned && row.limit && *row.planned > *row.limit)
            return "over";
        if (row.planned && row.warn_above && *row.planned > *row.warn_above)
            return "warning";
        return row.planned ? "ok" : "not stated";
    }
    if (found->accepted)
        return "accepted";
    return found->severity == Severity::error ? "over" : "warning";
}

void add_pool_rows(const Directory& all, const Pool& pool, std::vector<CapacityRow>& rows) {
    const Number* users = all.planned_users(pool);
    const std::optional<std::int64_t> planned = users != nullptr ? figure(*users) : std::nullopt;
    const std::size_t active = Directory::countable(pool) ? Directory::active_machines(pool) : 0;
    CapacityRow each{
        .rule = "CAP-01",
        .subject = subject(pool),
        .what = "users for each active machine",
        .limit = users_per_server};
    CapacityRow one_down{
        .rule = "CAP-05",
        .subject = subject(pool),
        .what = "users for each machine with one lost",
        .warn_above = users_per_server};
    if (planned && active > 0)
        each.planned = shared_out(*planned, active);
    if (planned && active > 1)
        one_down.planned = shared_out(*planned, active - 1);
    else if (active == 1)
        one_down.verdict = "not applicable";  // nothing is left to carry them
    rows.push_back(std::move(each));
    rows.push_back(
        {.rule = "CAP-02",
         .subject = subject(pool),
         .what = "users of the pool",
         .planned = planned,
         .limit = users_over_all}
    );
    rows.push_back(std::move(one_down));
}

/// The deployment's own figure, or what its pools plan together.
std::optional<std::int64_t> users_of_all(const Directory& all) {
    std::optional<std::int64_t> sum;
    for (const Pool& pool : all.spec().pools)
        if (const Number* users = all.planned_users(pool); users != nullptr && users->given())
            sum = sum.value_or(0) + **users;
    const std::optional<std::int64_t> stated = figure(all.spec().capacity.concurrent_users);
    return stated && sum ? std::max(*stated, *sum) : stated ? stated : sum;
}

void add_deployment_rows(const Directory& all, std::vector<CapacityRow>& rows) {
    const PlannedLoad& load = all.spec().capacity;
    const auto pools = static_cast<std::int64_t>(std::max<std::size_t>(all.spec().pools.size(), 1));
    const std::string deployment = "deployment";
    rows.push_back(
        {"CAP-03", deployment, "users over all pools", users_of_all(all), {}, users_over_all, {}}
    );
    rows.push_back(
        {"CAP-04",
         deployment,
         "provisioned users",
         figure(load.provisioned_users),
         {},
         provisioned_users_max,
         {}}
    );
    rows.push_back(
        {"CAP-06",
         deployment,
         "connected clients",
         figure(load.endpoints),
         endpoints_per_pool * pools,
         {},
         {}}
    );
    rows.push_back(
        {"CAP-07",
         deployment,
         "entries in membership lists",
         figure(load.acl_entries),
         acl_entries_warn,
         acl_entries_max,
         {}}
    );
    rows.push_back(
        {"CAP-08",
         deployment,
         "invitations",
         figure(load.invitations),
         invitations_degrade,
         invitations_max,
         {}}
    );
}

}  // namespace

std::vector<CapacityRow> capacity_rows(
    const Topology& topology, const std::vector<Diagnostic>& findings
) {
    const Directory all(topology);
    std::vector<CapacityRow> rows;
    for (const Pool& pool : topology.spec.pools)
        add_pool_rows(all, pool, rows);
    add_deployment_rows(all, rows);
    for (CapacityRow& row : rows)
        if (row.verdict.empty())
            row.verdict = verdict(row, findings);
    return rows;
}

const std::vector<UserModelRow>& published_user_model() {
    // The tables of the 2013 and 2015 capacity planning pages, which agree. Their days have 8
    // hours.
    static const std::vector<UserModelRow> rows{
        {"users connected", "", "", "", "80,000", &PlannedLoad::concurrent_users},
        {"users provisioned", "", "", "", "150,000", &PlannedLoad::provisioned_users},
        {"clients connected (1.5 for each user)", "", "", "", "120,000", &PlannedLoad::endpoints},
        {"users in a room", "30", "150", "16,000", ""},
        {"rooms", "32,000", "1,067", "10", "33,077"},
        {"rooms that are auditoriums (%)", "1", "1", "50", ""},
        {"rooms that are open (%)", "3", "3", "50", ""},
        {"open rooms", "960", "32", "5", "997"},
        {"other rooms", "31,040", "1,035", "5", "32,080"},
        {"members listed directly / by group (%)", "50/50", "10/90", "0/100", ""},
        {"groups in a room that is not open", "3", "5", "10", ""},
        {"managers of a room", "6", "6", "6", ""},
        {"presenters of an auditorium", "6", "6", "6", ""},
        {"entries for users", "465,600", "15,520", "", ""},
        {"entries for groups", "46,560", "4,656", "50", ""},
        {"entries for presenters", "0", "192", "50", ""},
        {"entries for managers", "192,000", "6,400", "60", ""},
        {"entries in membership lists",
         "704,160",
         "26,768",
         "160",
         "731,088",
         &PlannedLoad::acl_entries},
        {"rooms that a user is in", "12", "2", "2", "16"},
        {"rooms with invitations (50 %)", "16,000", "533", "5", ""},
        {"users who get into such a room", "60", "225", "16,000", ""},
        {"invitations", "960,000", "120,000", "80,000", "1,160,000", &PlannedLoad::invitations},
        {"messages per second, by room activity", "55.56", "18.52", "0.03", "74"},
        {"messages per second, by user activity", "41.67", "13.89", "0.28", "56"},
        {"messages per second, as measured", "22.22", "1.67", "0.15", "24"},
    };
    return rows;
}

}  // namespace pchat::topology

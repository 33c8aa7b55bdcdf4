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

// A link slower than this cannot carry one pool that is active on both sides. The guides for one
// site over two data centers ask for 20 ms and less.
constexpr std::int64_t high_latency_ms = 20;

bool is_sqlserver(const SqlInstance& instance) {
    return instance.engine.given() && *instance.engine == Engine::sqlserver;
}

// The data centers of a pool's machines, each with its first machine there, in the order of the
// document.
struct Presence {
    const DataCenter* where;
    const Machine* first;
    bool active = false;
};

std::vector<Presence> presence(const Directory& all, const Pool& pool) {
    std::vector<Presence> out;
    for (const Machine& machine : pool.machines) {
        const DataCenter* where = all.data_center(machine.data_center);
        if (where == nullptr)
            continue;
        auto found = std::find_if(out.begin(), out.end(), [&](const Presence& one) {
            return one.where == where;
        });
        if (found == out.end())
            found = out.insert(out.end(), {where, &machine});
        found->active = found->active || (machine.active.known() && *machine.active);
    }
    return out;
}

void check_stretch(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const auto places = presence(all, pool);
        if (places.size() <= 2)
            continue;
        std::vector<std::string> names;
        names.reserve(places.size());
        for (const Presence& place : places)
            names.push_back(*place.where->name);
        report.add(
            {.at = places[2].first->data_center.at,
             .subject = subject(pool),
             .message = fmt::format(
                 "{} is stretched over {} data centers: {}",
                 subject(pool),
                 places.size(),
                 listed(names)
             ),
             .hint = fmt::format(
                 "keep its machines in two of them, for example {} and {}", names[0], names[1]
             )}
        );
    }
}

bool joins(const Link& link, const DataCenter& a, const DataCenter& b) {
    const auto& ends = link.between.items;
    if (ends.size() != 2)
        return false;
    return (*ends[0] == *a.name && *ends[1] == *b.name) ||
           (*ends[0] == *b.name && *ends[1] == *a.name);
}

bool is_weak(const Link& link) {
    const bool narrow = link.bandwidth.given() && *link.bandwidth == Bandwidth::low;
    return narrow || (link.latency_ms.given() && *link.latency_ms > high_latency_ms);
}

// The side that works: the one with the content database, else the first in the document.
const Presence& working_side(
    const Directory& all, const Pool& pool, const std::vector<Presence>& places
) {
    const SqlInstance* content = all.sql(pool.databases.content);
    const DataCenter* home = content == nullptr ? nullptr : all.data_center(content->data_center);
    return home != nullptr && places[1].where == home ? places[1] : places[0];
}

void check_weak_link(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        auto places = presence(all, pool);
        std::erase_if(places, [](const Presence& place) { return !place.active; });
        if (places.size() != 2)
            continue;
        for (const Link& link : all.spec().links) {
            if (!joins(link, *places[0].where, *places[1].where) || !is_weak(link))
                continue;
            const Presence& here = working_side(all, pool, places);
            const Presence& far = &here == &places[0] ? places[1] : places[0];
            const bool narrow = link.bandwidth.given() && *link.bandwidth == Bandwidth::low;
            const std::string weakness =
                narrow ? "low bandwidth" : fmt::format("{} ms latency", *link.latency_ms);
            report.add(
                {.at = far.first->data_center.at,
                 .subject = subject(pool),
                 .message = fmt::format(
                     "{} has active machines in {} and {}, over a link with {}",
                     subject(pool),
                     *places[0].where->name,
                     *places[1].where->name,
                     weakness
                 ),
                 .hint = fmt::format(
                     "keep the machines in {} as standby: active: false", *far.where->name
                 ),
                 .notes = {{narrow ? link.bandwidth.at : link.latency_ms.at, "the link"}}}
            );
        }
    }
}

// Instances with a mirroring endpoint: mirrored ones, mirrors, witnesses.
std::vector<const SqlInstance*> with_endpoint(const Directory& all) {
    std::vector<const SqlInstance*> out;
    for (const SqlInstance& instance : all.spec().sql_instances) {
        const bool takes_part = stated(instance.mirror) || all.mirrored_by(instance) != nullptr ||
                                all.witnessed_by(instance) != nullptr;
        if (is_sqlserver(instance) && takes_part)
            out.push_back(&instance);
    }
    return out;
}

void check_mirror_ports(const Directory& all, Report& report) {
    const auto instances = with_endpoint(all);
    for (std::size_t later = 1; later < instances.size(); ++later) {
        for (std::size_t earlier = 0; earlier < later; ++earlier) {
            const SqlInstance& one = *instances[earlier];
            const SqlInstance& two = *instances[later];
            const bool partners = all.sql(one.mirror) == &two || all.sql(two.mirror) == &one;
            const bool clash = one.mirror_port.known() && two.mirror_port.known() &&
                               *one.mirror_port == *two.mirror_port;
            // A mirror on the server of its primary is HA-01's finding, one instance written twice
            // REF-02's.
            if (!clash || partners || !same_server(one, two) || same_place(one, two))
                continue;
            report.add(
                {.at = two.mirror_port.given() ? two.mirror_port.at : two.at,
                 .subject = subject(two),
                 .message = fmt::format(
                     "instances '{}' and '{}' both open mirroring port {} on {}",
                     *one.name,
                     *two.name,
                     *two.mirror_port,
                     *two.server
                 ),
                 .hint =
                     fmt::format("give '{}' another port, for example mirrorPort: 7022", *two.name),
                 .notes =
                     {{one.mirror_port.given() ? one.mirror_port.at : one.at,
                       fmt::format("the port of '{}'", *one.name)}}}
            );
            break;
        }
    }
}

void check_spread(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const bool placed =
            std::all_of(pool.machines.begin(), pool.machines.end(), [&](const Machine& machine) {
                return all.data_center(machine.data_center) != nullptr;
            });
        const auto places = presence(all, pool);
        if (!stated(pool.databases.backup_content) || !pool.machines.known() || !placed ||
            places.size() != 1)
            continue;
        // A single pool cannot have the backup in the first place: HA-07.
        if (pool.kind.given() && *pool.kind == PoolKind::single)
            continue;
        report.add(
            {.at = places.front().first->data_center.at,
             .subject = subject(pool),
             .message = fmt::format(
                 "{} has a backup database for the loss of a data center, but all its machines are "
                 "in {}",
                 subject(pool),
                 *places.front().where->name
             ),
             .hint = "add standby machines ('active: false') in the other data center",
             .notes = {{pool.databases.backup_content.at, "the backup"}}}
        );
    }
}

constexpr std::array rules{
    Rule{
        .id = "HA-11",
        .title = "a pool is stretched over more than two data centers",
        .why =
            "A stretched pool has one side that works and one that takes over. The Lync Server "
            "2013 text describes it as two physical data centers within one logical site; the 2015 "
            "text says that the pool spans site 1 and site 2, and means data centers by it. Here a "
            "pool has one 'site', and its machines say their 'dataCenter': at most two.",
        .source = "Lync Server 2013 and Skype for Business Server 2015: Configuring Persistent "
                  "Chat Server for high availability and disaster recovery",
        .fix = "Keep the machines in two data centers; a third one can serve a pool of its own.",
        .check = check_stretch},
    Rule{
        .id = "HA-12",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "machines are active in two data centers with a weak link between them",
        .why = "Over a good link two and two machines may be active. Over one with low bandwidth "
               "or high latency all four active ones belong to the side with the database, and the "
               "four on the other side stand by, because every message crosses the link to the "
               "database and back. The guides give no figure; more than 20 ms counts as high here, "
               "the limit that was once set for one pool in two buildings.",
        .source = "Skype for Business Server 2015: Plan for high availability and disaster "
                  "recovery for Persistent Chat Server",
        .fix = "Set 'active: false' for the machines away from the database.",
        .check = check_weak_link},
    Rule{
        .id = "HA-14",
        .title = "two instances on one server open the same mirroring port",
        .why = "Each instance has one mirroring endpoint with a port of its own; the second one "
               "cannot open a port that is taken, and its mirroring never starts. Customary are "
               "5022 for partners and 7022 for a witness.",
        .source = "Skype for Business Server 2015: Deploy SQL mirroring",
        .fix = "Give one of them another 'mirrorPort'.",
        .check = check_mirror_ports},
    Rule{
        .id = "HA-16",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "a pool with a backup database has all its machines in one data center",
        .why = "After the loss of that data center the messages are safe, but no machine of the "
               "pool is left to serve them; new ones would have to be installed in the middle of "
               "the disaster.",
        .source = "Skype for Business Server 2015: Plan for high availability and disaster "
                  "recovery for Persistent Chat Server",
        .fix = "Add standby machines in the data center of the backup.",
        .check = check_spread},
};

}  // namespace

std::span<const Rule> ha_rules() {
    return rules;
}

}  // namespace pchat::topology

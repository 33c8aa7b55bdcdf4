// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/sql_place.h"

#include <fmt/format.h>

#include <array>

namespace pchat::topology {
namespace {

bool is_recorded(const Pool& pool) {
    return pool.compliance.enabled.given() && *pool.compliance.enabled;
}

void service_on_pool_machines(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Located<Placement>& placement = pool.compliance.placement;
        if (!is_recorded(pool) || !placement.given() || *placement != Placement::front_end)
            continue;
        report.add({
            .at = placement.at,
            .subject = subject(pool),
            .message = fmt::format(
                "the compliance service of {} cannot run on the front end under ruleset sfb2015",
                subject(pool)
            ),
            .hint = "write placement: poolMachines, or leave it out",
        });
    }
}

std::string_view first_label(const std::string& fqdn) {
    return std::string_view{fqdn}.substr(0, fqdn.find('.'));
}

void output_directory_of_its_own(const Directory& all, Report& report) {
    const List<Pool>& pools = all.spec().pools;
    const auto writes_to = [](const Pool& pool) {
        const bool writes = is_recorded(pool) && stated(pool.compliance.output_directory);
        return writes ? tidy_path(*pool.compliance.output_directory) : std::string{};
    };
    for (auto later = pools.begin(); later != pools.end(); ++later) {
        const std::string directory = writes_to(*later);
        for (auto first = pools.begin(); first != later && !directory.empty(); ++first) {
            // The same pool written twice is REF-02's finding.
            if (writes_to(*first) != directory || same_host(first->fqdn, later->fqdn))
                continue;
            report.add({
                .at = later->compliance.output_directory.at,
                .subject = subject(*later),
                .message = fmt::format(
                    "{} and {} write their compliance output to the same directory, {}",
                    subject(*first),
                    subject(*later),
                    directory
                ),
                .hint = fmt::format(
                    "give each its own, such as {}/{}", directory, first_label(*later->fqdn)
                ),
                .notes =
                    {{first->compliance.output_directory.at,
                      fmt::format("{} here", subject(*first))}},
            });
            break;
        }
    }
}

constexpr std::array rules{
    Rule{
        .id = "COMP-01",
        .lync2013 = Level::off,
        .title = "the compliance service is placed on the front end",
        .why =
            "The two products contradict each other. Skype for Business Server 2015 installs the "
            "compliance service on every server of the pool. The topology page of Lync Server "
            "2013 puts it on the Lync front end, while other pages of the same product mean the "
            "chat server when they say front end. So 'lync2013' accepts both placements, and "
            "'sfb2015' only the pool's machines. pchatd always records on the machine that took "
            "the message.",
        .source =
            "Skype for Business Server 2015, plan Persistent Chat, services; Lync Server 2013, "
            "components and topologies, collocation",
        .fix = "Write 'placement: poolMachines'; it is the default.",
        .origin = Origin::page,
        .check = service_on_pool_machines},
    Rule{
        .id = "COMP-03",
        .title = "two pools write their compliance output to one directory",
        .why = "What collects the output takes a directory as the record of one adapter: files of "
               "two pools mixed up lose their origin, and one may be removed as already collected. "
               "Directories are compared as they are written, for nobody but the file system knows "
               "whether equal paths on two machines are one place.",
        .source = "Lync Server 2013 and Skype for Business Server 2015, configure the compliance "
                  "service",
        .fix = "Give each pool an output directory of its own.",
        .check = output_directory_of_its_own},
};

}  // namespace

std::span<const Rule> compliance_rules() {
    return rules;
}

}  // namespace pchat::topology

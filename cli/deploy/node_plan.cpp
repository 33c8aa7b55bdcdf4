// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/node_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What is wrong with a file that is there; empty: nothing.
std::string difference(const std::vector<std::string>& wanted, const FoundFile& found) {
    if (found.sha256 != wanted[4])
        return "content";
    if (found.owner != wanted[1] || found.group != wanted[2])
        return fmt::format(
            "owner {}:{}, not {}:{}", found.owner, found.group, wanted[1], wanted[2]
        );
    if (found.mode != wanted[3])
        return fmt::format("mode {}, not {}", found.mode, wanted[3]);
    return {};
}

std::vector<FileStep> file_steps(const NodeChange& change, const NodeFound& found) {
    std::vector<FileStep> out;
    for (const std::string& line : change.listing) {
        const std::vector<std::string> wanted = words_of(line);
        const auto there = found.files.find(wanted[0]);
        if (there == found.files.end())
            out.push_back({'+', wanted[0], {}});
        else if (std::string why = difference(wanted, there->second); !why.empty())
            out.push_back({'~', wanted[0], std::move(why)});
    }
    for (const std::string& path : found.others)
        out.push_back({'-', path, {}});
    return out;
}

/// Services that do not run as they shall; of a node that has a change in force.
std::vector<std::string> service_steps(const NodeWant& want, const NodeFound& found) {
    std::vector<std::string> out;
    for (const std::string& name : want.units) {
        const FoundUnit* unit = found.unit(name);
        if (unit == nullptr)
            out.push_back(fmt::format("{} is not known", name));
        else if (unit->state != "active")
            out.push_back(fmt::format("{} is {}", unit->name, unit->state));
        else if (!unit->enabled)
            out.push_back(fmt::format("{} does not start with the machine", unit->name));
    }
    return out;
}

/// What is damaged of the release that runs there and shall run on.
std::vector<std::string> release_steps(const NodeWant& want, const NodeFound& found) {
    const auto fault = found.damaged.find(want.release);
    if (fault == found.damaged.end() || found.current != want.release)
        return {};
    return {fmt::format("release {}: {}", want.release, fault->second)};
}

std::string count_text(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string node_text(const NodePlan& plan, std::int64_t bundle_bytes) {
    std::string out = fmt::format("{}{}\n", plan.node, plan.standby ? " (standby)" : "");
    if (!plan.changes())
        return out + "  no changes\n";
    if (!plan.left_behind.empty())
        out += fmt::format("  ! {}\n", plan.left_behind);
    if (plan.release != plan.old_release)
        out += fmt::format(
            "  {} release {}{}{}\n",
            plan.old_release.empty() ? '+' : '~',
            plan.old_release.empty() ? "" : plan.old_release + " -> ",
            plan.release,
            plan.upload ? fmt::format(" ({} MiB are sent)", (bundle_bytes + (1 << 20) - 1) >> 20)
                        : ""
        );
    for (const FileStep& file : plan.files)
        out += fmt::format(
            "  {} {}{}\n",
            file.sign,
            file.path,
            file.why.empty() ? "" : fmt::format(" ({})", file.why)
        );
    for (const std::string& service : plan.services)
        out += fmt::format("  ~ {}\n", service);
    if (plan.old_release.empty())
        for (const NodePort& port : plan.ports)
            out += fmt::format(
                "  firewall: {} ({}) for {}\n",
                port.number,
                port.purpose,
                port.peers.empty() ? "anybody" : fmt::format("{}", fmt::join(port.peers, ", "))
            );
    if (plan.release == plan.old_release && plan.files.empty() && plan.services.empty())
        out += "  ~ how services are started and asked\n";
    return out;
}

}  // namespace

bool NodePlan::changes() const {
    return upload || stage || !files.empty() || !services.empty() || release != old_release ||
           !left_behind.empty();
}

NodePlan plan_node(
    const NodeWant& want, const NodeChange& change, const NodeFound& found, bool standby
) {
    NodePlan out;
    out.node = want.fqdn;
    out.standby = standby;
    out.release = want.release;
    out.old_release = found.current;
    out.upload = std::find(found.releases.begin(), found.releases.end(), want.release) ==
                 found.releases.end();
    out.stage = found.active != change.id;
    out.files = file_steps(change, found);
    out.services = release_steps(want, found);
    if (!found.active.empty())
        for (std::string& step : service_steps(want, found))
            out.services.push_back(std::move(step));
    if (found.activation.state == FoundActivation::State::gone)
        out.left_behind = "a roll-out was cut off here: it is brought to an end first";
    return out;
}

std::string plan_text(const std::vector<NodePlan>& plans, std::int64_t bundle_bytes) {
    std::string out;
    std::size_t changed = 0;
    for (const NodePlan& plan : plans) {
        out += node_text(plan, bundle_bytes);
        changed += plan.changes() ? 1U : 0U;
    }
    if (changed == 0)
        return out + "\nno changes\n";
    return out + fmt::format(
                     "\n{} of {}\n",
                     count_text(changed, "machine changes", "machines change"),
                     plans.size()
                 );
}

Json plan_json(const std::vector<NodePlan>& plans) {
    Json out = Json::array();
    for (const NodePlan& plan : plans) {
        Json files = Json::array();
        for (const FileStep& file : plan.files) {
            Json one{
                {"action",
                 file.sign == '+'   ? "create"
                 : file.sign == '-' ? "remove"
                                    : "change"},
                {"path", file.path}};
            if (!file.why.empty())
                one["why"] = file.why;
            files.push_back(std::move(one));
        }
        Json ports = Json::array();
        for (const NodePort& port : plan.ports)
            ports.push_back({{"port", port.number}, {"purpose", port.purpose}, {"from", port.peers}}
            );
        out.push_back(
            {{"name", plan.node},
             {"changes", plan.changes()},
             {"standby", plan.standby},
             {"release", plan.release},
             {"old_release", plan.old_release.empty() ? Json{} : Json(plan.old_release)},
             {"upload", plan.upload},
             {"files", std::move(files)},
             {"services", plan.services},
             {"ports", std::move(ports)},
             {"cut_off", !plan.left_behind.empty()}}
        );
    }
    return out;
}

}  // namespace pchat::cli

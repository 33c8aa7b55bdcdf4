// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/way_back.h"

#include "cli/deploy/bundle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <set>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

enum class Goes : std::uint8_t { release, settings };

constexpr std::string_view choose_one = "choose one for all of them: --to RELEASE";

std::string before(const BackNode& node) {
    return node.found->release_of(node.found->previous);
}

/// By its books: what was cut off may have left other files.
std::string in_force(const BackNode& node) {
    return node.found->release_of(node.found->active);
}

bool all_are_on(const std::vector<BackNode>& nodes, const std::string& release) {
    return std::all_of(nodes.begin(), nodes.end(), [&](const BackNode& node) {
        return in_force(node) == release;
    });
}

/// "pc1.contoso.example 0.2.0, pc2.contoso.example 0.1.0".
template <class What>
std::string each_text(const std::vector<BackNode>& nodes, What what) {
    std::vector<std::string> out;
    for (const BackNode& node : nodes) {
        const std::string text = what(node);
        out.push_back(fmt::format("{} {}", node.name, text.empty() ? "none" : text));
    }
    return fmt::format("{}", fmt::join(out, ", "));
}

/// Where some machines are, and all others were before: a roll-out or a roll-back that was not
/// finished. Of two such releases it is the older one.
Result<std::string> common_release(const std::vector<BackNode>& nodes) {
    std::set<std::string> found;
    for (const BackNode& node : nodes) {
        const std::string release = in_force(node);
        const bool leads = std::all_of(nodes.begin(), nodes.end(), [&](const BackNode& other) {
            return in_force(other) == release || before(other) == release;
        });
        if (leads)
            found.insert(release);
    }
    const auto older = [](const std::string& a, const std::string& b) {
        return numbers_of(a) < numbers_of(b);
    };
    const auto oldest = std::min_element(found.begin(), found.end(), older);
    const bool one = oldest != found.end() &&
                     std::none_of(found.begin(), found.end(), [&](const std::string& other) {
                         return other != *oldest && !older(*oldest, other);
                     });
    if (one)
        return *oldest;
    return fail(
        Errc::conflict,
        fmt::format("the machines run different releases: {}", each_text(nodes, in_force)),
        std::string{choose_one}
    );
}

Result<std::string> target_of(const std::vector<BackNode>& nodes) {
    if (!all_are_on(nodes, in_force(nodes[0])))
        return common_release(nodes);
    const std::string target = before(nodes[0]);
    for (const BackNode& node : nodes)
        if (before(node).empty())
            return fail(
                Errc::not_found,
                fmt::format("{}: there is nothing before what is in force", node.name),
                "--machine brings back one that has something"
            );
        else if (before(node) != target)
            return fail(
                Errc::conflict,
                fmt::format(
                    "the machines had different releases before: {}", each_text(nodes, before)
                ),
                std::string{choose_one}
            );
    return target;
}

/// Changes stand in the order of their age, so that one which has gone back has the newer one
/// behind it.
bool has_gone_back(const NodeFound& found) {
    for (const FoundChange& change : found.changes)
        if (change.id == found.previous || change.id == found.active)
            return change.id == found.previous;
    return false;
}

/// The change of this release that the machine keeps. Where only settings go back it is the one
/// before; else the one in force comes first, for it may have been cut off.
std::string change_of(const BackNode& node, const std::string& release, Goes what) {
    if (what == Goes::release && in_force(node) == release)
        return node.found->active;
    if (before(node) == release)
        return node.found->previous;
    for (const FoundChange& change : node.found->changes)
        if (change.release == release)
            return change.id;
    return {};
}

Result<BackStep> step_of(const BackNode& node, const std::string& target, Goes what) {
    BackStep out;
    out.node = node.name;
    out.old_release = in_force(node);
    out.release = target;
    out.change = change_of(node, target, what);
    out.before = out.change == node.found->previous;
    const auto& there = node.found->releases;
    if (out.change.empty() || std::find(there.begin(), there.end(), target) == there.end()) {
        std::set<std::string> kept;
        for (const FoundChange& change : node.found->changes)
            kept.insert(change.release);
        return fail(
            Errc::not_found,
            fmt::format("{} keeps no {}, only {}", node.name, target, fmt::join(kept, ", ")),
            "deploy it: pchatctl deploy pool --bundle FILE"
        );
    }
    return out;
}

BackStep stays(const BackNode& node) {
    return {node.name, in_force(node), in_force(node), {}, false};
}

SchemaSteps steps_of(const NodeFound& found, const std::string& release) {
    const auto one = found.schemas.find(release);
    return one == found.schemas.end() ? SchemaSteps{} : one->second;
}

}  // namespace

Result<std::vector<BackStep>> plan_back(const std::vector<BackNode>& nodes, const std::string& to) {
    for (const BackNode& node : nodes)
        if (node.found->active.empty())
            return fail(
                Errc::not_found,
                fmt::format("{}: nothing was deployed there", node.name),
                "deploy it: pchatctl deploy pool"
            );
    Result<std::string> target = to.empty() ? target_of(nodes) : Result<std::string>{to};
    if (!target)
        return pass(std::move(target).error());
    // The release stays, so it is settings that go back; a release alone does not tell who did.
    const Goes what = to.empty() && all_are_on(nodes, *target) ? Goes::settings : Goes::release;
    const bool all_did = std::all_of(nodes.begin(), nodes.end(), [](const BackNode& node) {
        return has_gone_back(*node.found);
    });
    std::vector<BackStep> out;
    for (const BackNode& node : nodes) {
        const bool whole = node.found->activation.state == FoundActivation::State::none;
        const bool is_there = what == Goes::settings ? !all_did && has_gone_back(*node.found)
                                                     : whole && in_force(node) == *target;
        Result<BackStep> step = is_there ? stays(node) : step_of(node, *target, what);
        if (!step)
            return pass(std::move(step).error());
        out.push_back(std::move(*step));
    }
    return out;
}

Finding judge_way_back(const std::vector<BackNode>& nodes, const std::vector<BackStep>& steps) {
    SchemaSteps made;  // by the newest of those in force
    for (const BackNode& node : nodes) {
        const SchemaSteps one = steps_of(*node.found, in_force(node));
        made.content = std::max(made.content, one.content);
        made.compliance = std::max(made.compliance, one.compliance);
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const SchemaSteps known = steps_of(*nodes[i].found, steps[i].release);
        const bool content = known.content > 0 && known.content < made.content;
        const bool compliance = known.compliance > 0 && known.compliance < made.compliance;
        if (steps[i].change.empty() || (!content && !compliance))
            continue;
        return {
            steps[i].node,
            "schema",
            Verdict::bad,
            fmt::format(
                "{} knows schema {} of the {} database, which has {}",
                steps[i].release,
                content ? known.content : known.compliance,
                content ? "content" : "compliance",
                content ? made.content : made.compliance
            ),
            "its server would not start: pchatctl db restore brings back the data from before, "
            "then --skip-check schema"};
    }
    return {{}, "schema", Verdict::good, "the release knows it", {}};
}

std::string back_text(const std::vector<BackStep>& steps) {
    std::string out;
    std::size_t changed = 0;
    for (const BackStep& step : steps) {
        out += step.node + "\n";
        if (step.change.empty())
            out += fmt::format("  no changes ({})\n", step.release);
        else if (step.release == step.old_release)
            out += fmt::format("  ~ settings from before, with release {}\n", step.release);
        else
            out += fmt::format("  ~ release {} -> {}\n", step.old_release, step.release);
        changed += step.change.empty() ? 0U : 1U;
    }
    if (changed == 0)
        return out + "\nno changes\n";
    return out + fmt::format(
                     "\n{} {} of {}\n",
                     changed,
                     changed == 1 ? "machine changes" : "machines change",
                     steps.size()
                 );
}

Json back_json(const std::vector<BackStep>& steps) {
    Json out = Json::array();
    for (const BackStep& step : steps)
        out.push_back(
            {{"name", step.node},
             {"changes", !step.change.empty()},
             {"release", step.release},
             {"old_release", step.old_release}}
        );
    return out;
}

}  // namespace pchat::cli

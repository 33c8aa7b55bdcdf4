// SPDX-License-Identifier: Apache-2.0
// `deploy status`.
#include "cli/commands/rows.h"
#include "cli/deploy/deployment.h"
#include "cli/deploy/pool_secrets.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <thread>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct StatusWish {
    DeployTarget target;
    std::string bundle;
    bool exit_code = false;
};

std::string units_text(const NodeFound& found) {
    std::vector<std::string> out;
    for (const FoundUnit& unit : found.units)
        out.push_back(
            fmt::format("{} {}{}", unit.name, unit.state, unit.enabled ? "" : " (not at start)")
        );
    return out.empty() ? "-" : fmt::format("{}", fmt::join(out, ", "));
}

/// What a node has, beside what it shall have.
Json describe(const NodeFound& found, const NodePlan& plan, const Health& health) {
    std::vector<std::string> drift;
    for (const FileStep& file : plan.files)
        drift.push_back(fmt::format("{} {}", file.sign, file.path));
    for (const std::string& service : plan.services)
        drift.push_back("~ " + service);
    std::string state = "ok";
    if (found.active.empty())
        state = "not deployed";
    else if (found.activation.state == FoundActivation::State::running)
        state = "changing";
    else if (found.activation.state == FoundActivation::State::gone)
        state = "cut off";
    else if (health.state == "not ready" || health.state == "unknown")
        state = health.state;
    else if (plan.changes())
        state = "differs";
    Json out{
        {"name", plan.node},
        {"state", state},
        {"release", found.current.empty() ? "-" : found.current},
        {"wanted_release", plan.release},
        {"config", found.active.empty() ? "-" : found.active},
        {"config_current", !plan.stage},
        {"health", health.state},
        {"services", units_text(found)},
        {"drift", drift.empty() ? "-" : fmt::format("{}", fmt::join(drift, ", "))},
        {"differences", drift}};
    if (!health.why.empty())
        out["error"] = health.why;
    if (found.lock)
        out["locked_by"] = found.lock->owner;
    return out;
}

Json unreached(const Surveyed& node) {
    std::string state = node.finding ? node.finding->check : "unknown";
    if (state == "reachable")  // the name of the check that failed says the opposite
        state = "unreachable";
    return {
        {"name", node.way->name()},
        {"state", state},
        {"release", "-"},
        {"config", "-"},
        {"health", "-"},
        {"services", "-"},
        {"drift", "-"},
        {"error", node.finding ? node.finding->message : ""}};
}

/// The release that the nodes shall have: of a bundle that is named, else the one that they have.
Result<std::string> wanted_release(Context& ctx, const StatusWish& wish, const Asked& asked) {
    if (wish.bundle.empty())
        return asked.found.current.empty() ? "-" : asked.found.current;
    Result<Bundle> bundle = open_bundle(ctx, wish.bundle);
    if (!bundle)
        return pass(std::move(bundle).error());
    return std::move(bundle->release);
}

Result<Json> describe_node(
    Context& ctx,
    const StatusWish& wish,
    const Deployment& deployment,
    const PoolSecrets& secrets,
    Surveyed& node
) {
    const Result<std::string> release = wanted_release(ctx, wish, *node.asked);
    if (!release)
        return pass(release.error());
    const Result<Wanted> wanted = wanted_on(*deployment.chosen, secrets, *release, *node.asked);
    if (!wanted)
        return pass(wanted.error());
    const NodePlan plan =
        plan_node(wanted->want, wanted->change, node.asked->found, !*node.way->machine().active);
    Health health{"-", {}};
    if (!node.asked->found.active.empty())
        health = health_of(*node.way);
    return describe(node.asked->found, plan, health);
}

Result<void> run_status(Context& ctx, const StatusWish& wish) {
    const Result<std::unique_ptr<Deployment>> opened = open_deployment(ctx, wish.target);
    if (!opened)
        return pass(opened.error());
    Deployment& deployment = **opened;
    const ChosenPool& chosen = *deployment.chosen;
    const Result<PoolSecrets> secrets =
        read_pool_secrets(ctx, chosen.directory, *chosen.pool, chosen.folder);
    if (!secrets)
        return pass(secrets.error());
    survey(chosen, *secrets, deployment.nodes);
    std::vector<Result<Json>> answers(deployment.nodes.size(), Json{});
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < deployment.nodes.size(); ++i)
        threads.emplace_back([&, i] {
            Surveyed& node = deployment.nodes[i];
            answers[i] = node.asked ? describe_node(ctx, wish, deployment, *secrets, node)
                                    : Result<Json>{unreached(node)};
        });
    for (std::thread& thread : threads)
        thread.join();
    Json rows = Json::array();
    std::size_t reached = 0;
    bool differs = false;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!answers[i])
            return pass(std::move(answers[i]).error());
        reached += deployment.nodes[i].asked ? 1U : 0U;
        differs = differs || (*answers[i])["state"] != "ok";
        rows.push_back(std::move(*answers[i]));
    }
    tell_unreached(ctx, deployment.nodes);
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (deployment.nodes[i].asked && rows[i].contains("error"))
            ctx.note(fmt::format(
                "{}: {}: {}",
                rows[i].value("name", ""),
                rows[i].value("health", ""),
                rows[i].value("error", "")
            ));
    print_list(
        ctx,
        "machine",
        rows,
        {{"NAME", "name"},
         {"STATE", "state"},
         {"RELEASE", "release"},
         {"CONFIG", "config"},
         {"HEALTH", "health"},
         {"SERVICES", "services"},
         {"DRIFT", "drift"}}
    );
    if (reached == 0)
        return fail_silently(Errc::unreachable);
    if (reached < rows.size())
        return fail_silently(Errc::some_failed);
    return wish.exit_code && differs ? fail_silently(Errc::pending) : Result<void>{};
}

Run bind_status(Args& args) {
    auto wish = std::make_shared<StatusWish>();
    declare_pool(args, wish->target.pool, wish->target.file);
    args.option(
            "bundle", wish->bundle, "FILE", "the release that they shall have; default: their own"
    )
        .kind = ValueKind::file;
    args.flag("exit-code", wish->exit_code, "exit 8 when a machine is not as it shall be");
    wish->target.ssh.declare(args);
    return [wish](Context& ctx) { return run_status(ctx, *wish); };
}

}  // namespace

std::vector<Command> deploy_status_commands() {
    return {
        {.path = "deploy status",
         .summary = "Show what the machines of a pool have, and what they shall have",
         .help = {},
         .bind = bind_status,
         .formats = {"table", "json", "yaml", "name"}}};
}

}  // namespace pchat::cli

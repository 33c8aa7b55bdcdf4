// SPDX-License-Identifier: Apache-2.0
// `deploy rollback`, `remove`.
#include "base/clock.h"
#include "base/uuid.h"
#include "cli/commands/rows.h"
#include "cli/deploy/deployment.h"
#include "cli/deploy/lock_owner.h"
#include "cli/deploy/pool_lock.h"
#include "cli/deploy/removal.h"
#include "cli/deploy/result_table.h"
#include "cli/deploy/rollout.h"
#include "cli/deploy/way_back.h"
#include "cli/signals_held.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

struct BackWish {
    DeployTarget target;
    WithinFlag within;
    std::string to;
    std::vector<std::string> skip;
    std::vector<std::string> names;
    bool purge = false;
    bool take_over = false;
};

/// All of them, or nobody is touched.
Result<void> all_reached(Context& ctx, const Deployment& deployment) {
    return tell_unreached(ctx, deployment.nodes)
               ? fail(Errc::unreachable, "not all machines were reached, so nothing was changed")
               : Result<void>{};
}

Result<void> connect_all(Context& ctx, Deployment& deployment) {
    for (Surveyed& node : deployment.nodes)
        if (const Result<void> connected = node.way->connect(); !connected)
            node.finding = unreached(node.way->name(), connected.error());
    return all_reached(ctx, deployment);
}

std::string machines_text(const Deployment& deployment) {
    const std::size_t count = deployment.nodes.size();
    return count == 1 ? deployment.nodes[0].way->name()
                      : fmt::format("{} machines of {}", count, *deployment.pool().fqdn);
}

/// What each machine goes back to, and whether it may.
struct Planned {
    std::vector<BackTask> tasks;
    std::vector<BackStep> steps;
    std::vector<Finding> findings;
};

Result<Planned> plan_rollback(Deployment& deployment, const BackWish& wish) {
    std::vector<BackNode> nodes;
    const std::vector<NodeWay*> ways = deployment.ways_in_order();
    for (const NodeWay* way : ways)
        for (const Surveyed& node : deployment.nodes)
            if (node.way.get() == way)
                nodes.push_back({way->name(), &node.asked->found});
    Planned out;
    Result<std::vector<BackStep>> steps = plan_back(nodes, wish.to);
    if (!steps)
        return pass(std::move(steps).error());
    out.steps = std::move(*steps);
    out.findings = {judge_way_back(nodes, out.steps)};
    if (Result<void> known = skip(out.findings, wish.skip); !known)
        return pass(std::move(known).error());
    for (std::size_t i = 0; i < ways.size(); ++i)
        out.tasks.push_back({ways[i], out.steps[i]});
    return out;
}

Result<std::vector<NodeResult>> run_back(
    Context& ctx, const BackWish& wish, const Deployment& deployment, const Planned& plan
) {
    const Result<std::chrono::seconds> within = wish.within.read();
    if (!within)
        return pass(within.error());
    RolloutWish rollout;
    rollout.pool = *deployment.pool().fqdn;
    rollout.owner = lock_owner();
    rollout.run = make_uuid(SystemClock{}.now());
    rollout.within = *within;
    rollout.stop = SignalsHeld::asked_to_stop;
    rollout.stop_at_once = SignalsHeld::asked_again;
    const std::vector<NodeWay*> ways = deployment.ways_in_order();
    const Result<std::unique_ptr<PoolLock>> lock =
        lock_pool(ctx, deployment, ways, {.owner = rollout.owner, .by_force = wish.take_over});
    if (!lock)
        return pass(lock.error());
    rollout.locked = [&] { return (*lock)->kept(); };
    std::vector<std::string> names;
    for (const NodeWay* way : ways)
        names.push_back(way->name());
    RolloutView view{ctx, names};
    return roll_back(rollout, plan.tasks, view);
}

Result<void> run_rollback(Context& ctx, const BackWish& wish) {
    if (const Result<std::chrono::seconds> within = wish.within.read(); !within)
        return pass(within.error());
    const Result<std::unique_ptr<Deployment>> opened = open_deployment(ctx, wish.target);
    if (!opened)
        return pass(opened.error());
    Deployment& deployment = **opened;
    look_around(deployment.nodes);
    if (Result<void> reached = all_reached(ctx, deployment); !reached)
        return reached;
    const Result<Planned> plan = plan_rollback(deployment, wish);
    if (!plan)
        return pass(plan.error());
    const nlohmann::ordered_json document{
        {"pool", *deployment.pool().fqdn},
        {"checks", findings_json(plan->findings)},
        {"machines", back_json(plan->steps)}};
    if (!tell_findings(ctx, plan->findings))
        return refuse(
            ctx,
            "deploy rollback",
            document,
            {Errc::conflict, "a check failed, so nothing was changed", {}, {}, false, {}, {}}
        );
    if (ctx.global.dry_run) {
        print_document(ctx, document, back_text(plan->steps));
        return {};
    }
    const bool changes =
        std::any_of(plan->steps.begin(), plan->steps.end(), [](const BackStep& step) {
            return !step.change.empty();
        });
    if (changes && !ctx.global.quiet)
        ctx.err << back_text(plan->steps) << std::flush;
    if (changes)
        if (Result<void> wanted = confirm(ctx, "Go back to that?"); !wanted)
            return wanted;
    const SignalsHeld held;
    const Result<std::vector<NodeResult>> results = run_back(ctx, wish, deployment, *plan);
    if (!results)
        return pass(results.error());
    Result<void> done = print_results(ctx, *results);
    SignalsHeld::take();
    return done;
}

Result<void> run_remove(Context& ctx, const BackWish& wish) {
    const Result<std::unique_ptr<Deployment>> opened = open_deployment(ctx, wish.target);
    if (!opened)
        return pass(opened.error());
    Deployment& deployment = **opened;
    if (Result<void> reached = connect_all(ctx, deployment); !reached)
        return reached;
    const std::string& pool = *deployment.pool().fqdn;
    const std::string what = fmt::format(
        "pchat from {}{}", machines_text(deployment), wish.purge ? " with all data there" : ""
    );
    if (ctx.global.dry_run) {
        ctx.note("would remove " + what);
        return {};
    }
    Result<void> wanted = wish.purge
                              ? confirm_name(ctx, fmt::format("Remove {}?", what), pool, wish.names)
                              : confirm(ctx, fmt::format("Remove {}? Data stay.", what));
    if (!wanted)
        return wanted;
    const SignalsHeld held;
    std::vector<NodeResult> results;
    const std::string owner = lock_owner();
    {
        const Result<std::unique_ptr<PoolLock>> lock = lock_pool(
            ctx, deployment, deployment.ways(), {.owner = owner, .by_force = wish.take_over}
        );
        if (!lock)
            return pass(lock.error());
        results = remove_all(
            deployment.ways_in_order(),
            owner,
            wish.purge ? Purge::yes : Purge::no,
            SignalsHeld::asked_to_stop
        );
    }
    Result<void> done = print_results(ctx, results);
    SignalsHeld::take();
    if (done && !wish.purge)
        ctx.note("data stay in /var/lib/pchat; databases of their own are not touched");
    return done;
}

void declare_target(Args& args, BackWish& wish) {
    declare_pool(args, wish.target.pool, wish.target.file);
    Arg& machine = args.option("machine", wish.target.machine, "FQDN", "only this machine");
    machine.kind = ValueKind::name;
    machine.refers = "machine";
    args.flag("take-over", wish.take_over, "go on although somebody else's roll-out is not over");
    wish.target.ssh.declare(args);
}

Run bind_rollback(Args& args) {
    auto wish = std::make_shared<BackWish>();
    declare_target(args, *wish);
    args.option("to", wish->to, "RELEASE", "one for all, such as 0.1.0-0123456789ab");
    args.option_list("skip-check", wish->skip, "CHECK", "pass over a check that fails");
    wish->within.declare(args);
    return [wish](Context& ctx) { return run_rollback(ctx, *wish); };
}

Run bind_remove(Args& args) {
    auto wish = std::make_shared<BackWish>();
    declare_target(args, *wish);
    args.flag("purge", wish->purge, "data, logs and the account, too");
    confirm_option(args, wish->names);
    return [wish](Context& ctx) { return run_remove(ctx, *wish); };
}

}  // namespace

std::vector<Command> deploy_back_commands() {
    return {
        {.path = "deploy rollback",
         .summary = "Bring the machines of a pool to what was deployed before",
         .help = {},
         .bind = bind_rollback,
         .formats = {"table", "json", "yaml", "name"},
         .changes = true},
        {.path = "deploy remove",
         .summary = "Take pchat off the machines of a pool",
         .help = {},
         .bind = bind_remove,
         .formats = {"table", "json", "yaml", "name"},
         .changes = true}};
}

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
// `deploy plan`, `pool`, `node`.
#include "base/clock.h"
#include "base/uuid.h"
#include "cli/commands/rows.h"
#include "cli/deploy/follow.h"
#include "cli/deploy/hook.h"
#include "cli/deploy/lock_owner.h"
#include "cli/deploy/next_steps.h"
#include "cli/deploy/preparation.h"
#include "cli/deploy/result_table.h"
#include "cli/signals_held.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

struct DeployWish : PreparationWish {
    std::string pause;
    WithinFlag within;
    std::string before_hook;
    std::string after_hook;
    bool take_over = false;
    bool exit_code = false;
};

Result<void> run_plan(Context& ctx, const DeployWish& wish) {
    Result<std::unique_ptr<Prepared>> made = prepare(ctx, wish);
    if (!made)
        return pass(std::move(made).error());
    Prepared& prepared = **made;
    survey(*prepared.deployment->chosen, prepared.secrets, prepared.deployment->nodes);
    const Result<bool> good = preflight(ctx, wish, prepared);
    if (!good)
        return pass(good.error());
    if (Result<void> planned = make_tasks(prepared); !planned)
        return planned;
    const std::vector<NodePlan> plans = prepared.plans();
    const std::string text = plan_text(plans, prepared.bundle.bytes);
    if (!*good) {
        if (ctx.global.output != "json")
            print_document(ctx, document_of(prepared), text);
        return refuse(ctx, "deploy plan", document_of(prepared), refusal(prepared));
    }
    print_document(ctx, document_of(prepared), text);
    if (prepared.admin)
        ctx.note(fmt::format(
            "then, unless there is one: {} becomes the administrator",
            prepared.admin->name.written()
        ));
    const bool changes = std::any_of(plans.begin(), plans.end(), [](const NodePlan& plan) {
        return plan.changes();
    });
    return wish.exit_code && changes ? fail_silently(Errc::pending) : Result<void>{};
}

/// Activations that are under way, or were cut off, come to their end first.
Result<void> settle_all(Context& ctx, Prepared& prepared, std::chrono::seconds within) {
    Deployment& deployment = *prepared.deployment;
    bool any = false;
    for (Surveyed& node : deployment.nodes) {
        if (!node.asked || node.asked->found.activation.state == FoundActivation::State::none)
            continue;
        any = true;
        RolloutView view{ctx, {node.way->name()}};
        Result<void> settled = settle(*node.way, within, view);
        view.finish();
        if (!settled)
            return settled;
    }
    if (any)
        survey(*deployment.chosen, prepared.secrets, deployment.nodes);
    return {};
}

Result<std::vector<NodeResult>> run_rollout(
    Context& ctx, const DeployWish& wish, Prepared& prepared, RolloutWish rollout
) {
    std::vector<NodeWay*> ways;
    for (const NodeTask& task : prepared.tasks)
        ways.push_back(task.way);
    Deployment& deployment = *prepared.deployment;
    const Result<std::unique_ptr<PoolLock>> lock =
        lock_pool(ctx, deployment, ways, {.owner = rollout.owner, .by_force = wish.take_over});
    if (!lock)
        return pass(lock.error());
    if (Result<void> same = survey_again(*deployment.chosen, prepared.secrets, deployment.nodes);
        !same)
        return pass(std::move(same).error());
    rollout.locked = [&] { return (*lock)->kept(); };
    rollout.stop = SignalsHeld::asked_to_stop;
    rollout.stop_at_once = SignalsHeld::asked_again;
    if (Result<void> hooked =
            run_hook(ctx, wish.before_hook, {rollout.pool, prepared.bundle.release, "before", ""});
        !hooked)
        return pass(std::move(hooked).error());
    std::vector<std::string> names;
    for (const NodeTask& task : prepared.tasks)
        names.push_back(task.way->name());
    RolloutView view{ctx, names};
    return roll_out(rollout, prepared.tasks, view);
}

/// Machines that are as they shall be may still lack their first administrator.
Result<std::vector<NodeResult>> leave_unchanged(
    Context& ctx, const DeployWish& wish, const Prepared& prepared, const RolloutWish& rollout
) {
    std::vector<NodeResult> out;
    Result<std::unique_ptr<PoolLock>> lock = nullptr;
    if (rollout.admin != nullptr)
        lock = lock_pool(
            ctx,
            *prepared.deployment,
            prepared.deployment->ways_in_order(),
            {.owner = rollout.owner, .by_force = wish.take_over}
        );
    if (!lock)
        return pass(std::move(lock).error());
    for (const NodeTask& task : prepared.tasks) {
        if (rollout.admin != nullptr)
            if (Result<void> made = provision_there(rollout, task); !made)
                return pass(std::move(made).error(), task.way->name());
        out.push_back(unchanged(task.plan));
    }
    return out;
}

/// One that works and takes no users stands among the good ones: whether it shall is for the
/// administrators of the pool to say.
void note_idle(const Prepared& prepared, std::vector<NodeResult>& results) {
    for (std::size_t i = 0; i < results.size(); ++i) {
        NodeWay& way = *prepared.tasks[i].way;
        if (results[i].end != NodeResult::End::done || !*way.machine().active)
            continue;
        if (const Health health = health_of(way); health.state != "ready")
            results[i].text = fmt::format("it takes no users: {}", health.state);
    }
}

Result<void> run_deploy(Context& ctx, const DeployWish& wish) {
    if (ctx.global.dry_run)
        return run_plan(ctx, wish);
    const Result<std::chrono::seconds> within = wish.within.read();
    if (!within)
        return pass(within.error());
    const Result<std::chrono::seconds> pause = span_of("--pause", wish.pause, {});
    if (!pause)
        return pass(pause.error());
    Result<std::unique_ptr<Prepared>> made = prepare(ctx, wish);
    if (!made)
        return pass(std::move(made).error());
    Prepared& prepared = **made;
    const topology::Pool& pool = prepared.deployment->pool();
    survey(*prepared.deployment->chosen, prepared.secrets, prepared.deployment->nodes);
    if (Result<void> settled = settle_all(ctx, prepared, *within); !settled)
        return settled;
    const Result<bool> good = preflight(ctx, wish, prepared);
    if (!good)
        return pass(good.error());
    if (!*good)
        return refuse(
            ctx,
            wish.target.machine.empty() ? "deploy pool" : "deploy node",
            document_of(prepared),
            refusal(prepared)
        );
    if (Result<void> planned = make_tasks(prepared); !planned)
        return planned;
    const std::vector<NodePlan> plans = prepared.plans();
    const bool changes = std::any_of(plans.begin(), plans.end(), [](const NodePlan& plan) {
        return plan.changes();
    });
    RolloutWish rollout;
    rollout.pool = *pool.fqdn;
    rollout.bundle = &prepared.bundle;
    rollout.admin = prepared.admin ? &*prepared.admin : nullptr;
    rollout.owner = lock_owner();
    rollout.run = make_uuid(SystemClock{}.now());
    rollout.within = *within;
    rollout.pause = *pause;
    std::optional<SignalsHeld> held;
    if (changes) {
        if (!ctx.global.quiet)
            ctx.err << plan_text(plans, prepared.bundle.bytes) << std::flush;
        if (Result<void> wanted = confirm(ctx, "Deploy that?"); !wanted)
            return wanted;
        held.emplace();  // an end in order: locks are given back, and the account is given
    }
    Result<std::vector<NodeResult>> results = changes
                                                  ? run_rollout(ctx, wish, prepared, rollout)
                                                  : leave_unchanged(ctx, wish, prepared, rollout);
    if (!results)
        return pass(results.error());
    if (changes)
        note_idle(prepared, *results);
    for (NodeResult& one : left_out(prepared.deployment->nodes))
        results->push_back(std::move(one));
    Result<void> outcome = print_results(ctx, *results, "run it again to go on");
    SignalsHeld::take();
    if (changes) {
        const HookFacts facts{
            *pool.fqdn, prepared.bundle.release, "after", outcome ? "done" : "failed"};
        if (Result<void> hooked = run_hook(ctx, wish.after_hook, facts); !hooked && outcome)
            outcome = std::move(hooked);
    }
    if (!outcome)
        return outcome;
    if (prepared.admin)
        ctx.note(fmt::format("{} is the administrator", prepared.admin->name.written()));
    return keep_and_tell(ctx, *prepared.deployment->chosen, prepared.secrets);
}

void declare(Args& args, DeployWish& wish) {
    args.option(
            "bundle",
            wish.bundle,
            "FILE",
            "the release; default: the newest of $PCHATCTL_BUNDLE or beside the programs"
    )
        .kind = ValueKind::file;
    args.option_list("skip-check", wish.skip, "CHECK", "pass over a check that fails");
    wish.target.ssh.declare(args);
}

void declare_run(Args& args, DeployWish& wish) {
    declare(args, wish);
    wish.within.declare(args);
    wish.admin.declare(args);
    args.option("pause", wish.pause, "TIME", "wait between two machines, such as 5m");
    args.option(
        "before-hook", wish.before_hook, "PROGRAM", "run here first; when it fails nothing is done"
    );
    args.option(
        "after-hook", wish.after_hook, "PROGRAM", "run here when it is over, however it went"
    );
    args.flag("take-over", wish.take_over, "go on although somebody else's roll-out is not over");
}

Run bind_plan(Args& args) {
    auto wish = std::make_shared<DeployWish>();
    declare_pool(args, wish->target.pool, wish->target.file);
    declare(args, *wish);
    args.flag("exit-code", wish->exit_code, "exit 8 when there are changes");
    return [wish](Context& ctx) { return run_plan(ctx, *wish); };
}

Run bind_pool(Args& args) {
    auto wish = std::make_shared<DeployWish>();
    declare_pool(args, wish->target.pool, wish->target.file);
    declare_run(args, *wish);
    return [wish](Context& ctx) { return run_deploy(ctx, *wish); };
}

Run bind_node(Args& args) {
    auto wish = std::make_shared<DeployWish>();
    declare_machine(args, wish->target.machine, wish->target.file);
    declare_run(args, *wish);
    return [wish](Context& ctx) { return run_deploy(ctx, *wish); };
}

}  // namespace

std::vector<Command> deploy_commands() {
    return {
        {.path = "deploy plan",
         .summary = "Show what a deployment would change on the machines of a pool",
         .help = {},
         .bind = bind_plan,
         .formats = {"table", "json", "yaml"}},
        {.path = "deploy pool",
         .summary = "Bring the machines of a pool to a release, one after the other",
         .help = {},
         .bind = bind_pool,
         .formats = {"table", "json", "yaml", "name"},
         .changes = true},
        {.path = "deploy node",
         .summary = "Bring one machine of a pool to a release",
         .help = {},
         .bind = bind_node,
         .formats = {"table", "json", "yaml", "name"},
         .changes = true}};
}

}  // namespace pchat::cli

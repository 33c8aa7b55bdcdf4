// SPDX-License-Identifier: Apache-2.0
// `deploy plan`, `pool`, `node`.
#include "base/clock.h"
#include "base/uuid.h"
#include "cli/admin_choice.h"
#include "cli/commands/rows.h"
#include "cli/deploy/deployment.h"
#include "cli/deploy/follow.h"
#include "cli/deploy/hook.h"
#include "cli/deploy/lock_owner.h"
#include "cli/deploy/next_steps.h"
#include "cli/deploy/pool_secrets.h"
#include "cli/deploy/result_table.h"
#include "cli/deploy/rollout.h"
#include "cli/signals_held.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct DeployWish {
    DeployTarget target;
    std::string bundle;
    std::vector<std::string> skip;
    std::string pause;
    WithinFlag within;
    AdminChoice admin;
    std::string before_hook;
    std::string after_hook;
    bool take_over = false;
    bool exit_code = false;
};

/// What was found and what would be done, for plan and run alike.
struct Prepared {
    std::unique_ptr<Deployment> deployment;
    PoolSecrets secrets;
    std::optional<FirstAdministrator> admin;
    Bundle bundle;
    std::vector<Finding> findings;
    std::vector<NodeTask> tasks;  // in the order of the roll-out

    [[nodiscard]] std::vector<NodePlan> plans() const {
        std::vector<NodePlan> out;
        for (const NodeTask& task : tasks)
            out.push_back(task.plan);
        return out;
    }
};

bool has_local_database(const Prepared& prepared) {
    return prepared.secrets.content.target.engine == sql::Engine::sqlite;
}

Result<std::optional<FirstAdministrator>> read_admin(
    const Context& ctx, const DeployWish& wish, const Prepared& prepared
) {
    Result<std::optional<FirstAdministrator>> out = wish.admin.read(ctx);
    if (out && *out && !has_local_database(prepared))
        return fail(
            Errc::usage,
            "--admin is for a pool whose database is a file of its machine",
            fmt::format(
                "pchatctl db provision --admin {} --admin-password-file {}",
                wish.admin.name,
                wish.admin.password_file
            )
        );
    return out;
}

Result<std::unique_ptr<Prepared>> prepare(Context& ctx, const DeployWish& wish) {
    auto out = std::make_unique<Prepared>();
    Result<std::unique_ptr<Deployment>> deployment = open_deployment(ctx, wish.target);
    if (!deployment)
        return pass(std::move(deployment).error());
    out->deployment = std::move(*deployment);
    const ChosenPool& chosen = *out->deployment->chosen;
    // A name that is none is said before anybody is asked.
    if (Result<void> known = skip(out->findings, wish.skip); !known)
        return pass(std::move(known).error());
    Result<PoolSecrets> secrets =
        read_pool_secrets(ctx, chosen.directory, *chosen.pool, chosen.folder);
    if (!secrets)
        return pass(std::move(secrets).error());
    out->secrets = std::move(*secrets);
    Result<std::optional<FirstAdministrator>> admin = read_admin(ctx, wish, *out);
    if (!admin)
        return pass(std::move(admin).error());
    out->admin = std::move(*admin);
    Result<Bundle> bundle = open_bundle(ctx, wish.bundle);
    if (!bundle)
        return pass(std::move(bundle).error());
    out->bundle = std::move(*bundle);
    return out;
}

/// The checks on all nodes; false when one of them failed, which was told.
Result<bool> preflight(Context& ctx, const DeployWish& wish, Prepared& prepared) {
    const ChosenPool& chosen = *prepared.deployment->chosen;
    const Preflight with{
        chosen.directory,
        *chosen.pool,
        prepared.secrets,
        prepared.bundle,
        SystemClock{}.now() / 1'000'000};
    std::vector<Asked> asked;
    for (const Surveyed& node : prepared.deployment->nodes)
        if (node.asked) {
            auto found = judge_node(with, *node.asked);
            std::move(found.begin(), found.end(), std::back_inserter(prepared.findings));
            asked.push_back(*node.asked);
        } else if (node.finding) {
            prepared.findings.push_back(*node.finding);
        }
    auto together = judge_together(with, asked);
    std::move(together.begin(), together.end(), std::back_inserter(prepared.findings));
    prepared.findings.push_back(judge_schema(prepared.secrets));
    if (Result<void> known = skip(prepared.findings, wish.skip); !known)
        return pass(std::move(known).error());
    return tell_findings(ctx, prepared.findings);
}

Result<void> make_tasks(Prepared& prepared) {
    Deployment& deployment = *prepared.deployment;
    const std::string local = local_databases(deployment.pool(), prepared.secrets);
    prepared.tasks.clear();
    for (NodeWay* way : deployment.ways_in_order()) {
        const auto node = std::find_if(
            deployment.nodes.begin(),
            deployment.nodes.end(),
            [&](const Surveyed& one) { return one.way.get() == way; }
        );
        if (!node->asked)
            continue;
        Result<Wanted> wanted =
            wanted_on(*deployment.chosen, prepared.secrets, prepared.bundle.release, *node->asked);
        if (!wanted)
            return pass(std::move(wanted).error());
        NodeTask& task = prepared.tasks.emplace_back();
        task.way = way;
        task.plan =
            plan_node(wanted->want, wanted->change, node->asked->found, !*way->machine().active);
        task.change = std::move(wanted->change);
        task.folders =
            server_folders(deployment.chosen->directory, deployment.pool(), prepared.secrets);
        task.local_databases = local;
        if (!local.empty())
            task.topology = std::string{deployment.chosen->parsed.document.source->text()};
    }
    return {};
}

tl::unexpected<Error> refused(const Prepared& prepared) {
    const auto bad =
        std::count_if(prepared.findings.begin(), prepared.findings.end(), [](const Finding& one) {
            return one.verdict == Verdict::bad;
        });
    // These checks cannot be passed over.
    const auto lost = std::count_if(
        prepared.deployment->nodes.begin(),
        prepared.deployment->nodes.end(),
        [](const Surveyed& node) { return !node.asked; }
    );
    const bool all_unreached = bad == lost;
    return fail(
        Errc::conflict,
        fmt::format(
            "{} failed, so nothing was changed",
            bad == 1 ? "a check" : fmt::format("{} checks", bad)
        ),
        all_unreached
            ? "put it right and run it again; deploy node brings the others there one by one"
            : "put it right, or pass over a check with --skip NAME"
    );
}

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
    const Json document{
        {"pool", *prepared.deployment->pool().fqdn},
        {"release", prepared.bundle.release},
        {"checks", findings_json(prepared.findings)},
        {"machines", plan_json(plans)}};
    print_document(ctx, document, plan_text(plans, prepared.bundle.bytes));
    if (!*good)
        return refused(prepared);
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
    const Prepared& prepared, const RolloutWish& rollout
) {
    std::vector<NodeResult> out;
    for (const NodeTask& task : prepared.tasks) {
        if (rollout.admin != nullptr)
            if (Result<void> made = provision_there(rollout, task); !made)
                return pass(std::move(made).error(), task.way->name());
        out.push_back(unchanged(task.plan));
    }
    return out;
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
        return refused(prepared);
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
    const Result<std::vector<NodeResult>> results =
        changes ? run_rollout(ctx, wish, prepared, std::move(rollout))
                : leave_unchanged(prepared, rollout);
    if (!results)
        return pass(results.error());
    Result<void> outcome = print_results(ctx, *results);
    if (!outcome && outcome.error().code == Errc::interrupted)
        outcome.error().hint = "run it again to go on";
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
    args.option_list("skip", wish.skip, "CHECK", "pass over a check that fails");
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

// SPDX-License-Identifier: Apache-2.0
// `deploy rollback`, `remove`.
#include "base/clock.h"
#include "base/uuid.h"
#include "cli/commands/rows.h"
#include "cli/deploy/deployment.h"
#include "cli/deploy/lock_owner.h"
#include "cli/deploy/node_layout.h"
#include "cli/deploy/pool_lock.h"
#include "cli/deploy/result_table.h"
#include "cli/deploy/rollout.h"
#include "cli/signals_held.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

struct BackWish {
    DeployTarget target;
    WithinFlag within;
    std::vector<std::string> names;
    bool purge = false;
    bool take_over = false;
};

/// The machines, all of them reached, or nobody is touched.
Result<std::unique_ptr<Deployment>> open_all(Context& ctx, const DeployTarget& target) {
    Result<std::unique_ptr<Deployment>> out = open_deployment(ctx, target);
    if (!out)
        return out;
    bool good = true;
    for (Surveyed& node : (*out)->nodes)
        if (const Result<void> connected = node.way->connect(); !connected) {
            good = false;
            ctx.err << fmt::format("{}: {}\n", node.way->name(), connected.error().message);
            if (!connected.error().hint.empty())
                ctx.err << fmt::format("  hint: {}\n", connected.error().hint);
        }
    if (!good)
        return fail(Errc::unreachable, "not all machines were reached, so nothing was changed");
    return out;
}

std::string machines_text(const Deployment& deployment) {
    const std::size_t count = deployment.nodes.size();
    return count == 1 ? deployment.nodes[0].way->name()
                      : fmt::format("{} machines of {}", count, *deployment.pool().fqdn);
}

Result<void> run_rollback(Context& ctx, const BackWish& wish) {
    const Result<std::chrono::seconds> within = wish.within.read();
    if (!within)
        return pass(within.error());
    const Result<std::unique_ptr<Deployment>> opened = open_all(ctx, wish.target);
    if (!opened)
        return pass(opened.error());
    Deployment& deployment = **opened;
    const std::string what =
        fmt::format("{} to what was deployed before", machines_text(deployment));
    if (ctx.global.dry_run) {
        ctx.note("would bring " + what);
        return {};
    }
    if (Result<void> wanted = confirm(ctx, fmt::format("Bring {}?", what)); !wanted)
        return wanted;
    const SignalsHeld held;
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
    const std::vector<NodeResult> results = roll_back(rollout, ways, view);
    view.finish();
    Result<void> done = print_results(ctx, results);
    SignalsHeld::take();
    return done;
}

NodeResult remove_from(NodeWay& way, const std::string& owner, bool purge) {
    NodeResult out;
    out.node = way.name();
    std::vector<std::string> words{"remove"};
    if (purge)
        words.emplace_back("purge");
    words.push_back(owner);
    const Result<Said> said = way.ask(words);
    if (!said) {
        out.end = NodeResult::End::failed;
        out.text = said.error().message;
        out.hint = said.error().hint;
    } else if (said->busy) {
        out.end = NodeResult::End::failed;
        out.text = lock_conflict(way, *said).message;
    } else {
        // Where the lock is kept was made for this run.
        const bool any = std::any_of(said->lines.begin(), said->lines.end(), [](const auto& line) {
            return line.size() > 1 && line[0] == "removed" && line[1] != layout::deploy_state;
        });
        out.end = any ? NodeResult::End::done : NodeResult::End::unchanged;
    }
    return out;
}

Result<void> run_remove(Context& ctx, const BackWish& wish) {
    const Result<std::unique_ptr<Deployment>> opened = open_all(ctx, wish.target);
    if (!opened)
        return pass(opened.error());
    Deployment& deployment = **opened;
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
        for (NodeWay* way : deployment.ways_in_order())
            results.push_back(remove_from(*way, owner, wish.purge));
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

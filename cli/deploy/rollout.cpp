// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/rollout.h"

#include "cli/deploy/follow.h"
#include "cli/deploy/node_layout.h"
#include "cli/deploy/pool_lock.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace pchat::cli {
namespace {

using End = NodeResult::End;
using Clock = std::chrono::steady_clock;

constexpr std::string_view releases_kept = "3";

std::chrono::milliseconds since(Clock::time_point begun) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
}

tl::unexpected<Error> stopped() {
    return fail(Errc::interrupted, "stopped before anything was put in force");
}

/// What a node does only for whoever has its lock.
Result<void> have_done(
    const RolloutWish& wish,
    NodeWay& way,
    std::vector<std::string> words,
    std::string_view input = {}
) {
    words.push_back(wish.owner);
    const Result<Said> said = way.ask(words, input);
    if (!said)
        return pass(said.error());
    return said->busy ? Result<void>{pass(lock_conflict(way, *said))} : Result<void>{};
}

/// The release, where it is not: sent, checked and unpacked.
Result<void> bring_release(const RolloutWish& wish, NodeTask& task, RolloutView& view) {
    NodeWay& way = *task.way;
    const Bundle& bundle = *wish.bundle;
    const std::string remote =
        fmt::format("{}/incoming/{}.tar.gz", layout::deploy_state, bundle.release);
    view.tell(way.name(), "sending the release");
    const Result<void> sent =
        way.upload(bundle.path, remote, [&](std::uint64_t done, std::uint64_t all) {
            view.share(way.name(), "sending the release", done, all);
            return !wish.stop();
        });
    if (!sent)
        return sent;
    view.tell(way.name(), "unpacking");
    return have_done(wish, way, {"unpack", bundle.release, bundle.sha256});
}

/// All that disturbs nobody.
Result<void> make_ready(const RolloutWish& wish, NodeTask& task, RolloutView& view) {
    NodeWay& way = *task.way;
    if (wish.stop())
        return stopped();
    view.tell(way.name(), "preparing");
    const Result<std::string> login = way.user();
    if (!login)
        return pass(login.error());
    std::string folders;
    for (const std::string& folder : task.folders)
        folders += fmt::format("folder\t{}\n", folder);
    if (Result<void> prepared = have_done(wish, way, {"prepare", *login}, folders); !prepared)
        return prepared;
    if (task.plan.upload)
        if (Result<void> brought = bring_release(wish, task, view); !brought)
            return brought;
    if (wish.stop())
        return stopped();
    if (Result<void> staged = have_done(wish, way, {"stage", task.change.id}, task.change.archive);
        !staged)
        return staged;
    if (!task.local_databases.empty())
        if (Result<void> made = provision_there(wish, task); !made)
            return made;
    view.tell(way.name(), "waiting for its turn");
    return {};
}

NodeResult failed(const NodeWay& way, const Error& error) {
    NodeResult out;
    out.node = way.name();
    out.end = End::failed;
    out.text = error.message;
    out.hint = error.hint;
    return out;
}

/// On all nodes at once; what failed is in the results.
void make_all_ready(
    const RolloutWish& wish,
    std::vector<NodeTask>& tasks,
    std::vector<NodeResult>& results,
    RolloutView& view
) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (!tasks[i].plan.changes())
            continue;
        threads.emplace_back([&, i] {
            const Result<void> ready = make_ready(wish, tasks[i], view);
            if (ready)
                return;
            // Somebody asked to end: that is no failure of the node.
            if (ready.error().code != Errc::interrupted)
                results[i] = failed(*tasks[i].way, ready.error());
            view.tell(tasks[i].way->name(), ready.error().message);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
}

/// Has a node begin what goes on by itself there.
Result<void> begin_there(const RolloutWish& wish, NodeWay& way, std::vector<std::string> words) {
    words.insert(
        words.end(), {std::to_string(wish.within.count()), wish.run, wish.owner, wish.owner}
    );
    const Result<Said> said = way.ask_once(words);
    if (!said)
        return pass(said.error());
    if (!said->busy)
        return {};
    // Heard before, when the link broke.
    const auto* running = said->line("running");
    if (running != nullptr && running->size() > 2 && (*running)[2] == wish.run)
        return {};
    return pass(lock_conflict(way, *said));
}

NodeResult put_in_force(const RolloutWish& wish, NodeTask& task, RolloutView& view) {
    NodeWay& way = *task.way;
    const auto begin = [&] { return begin_there(wish, way, {"activate", task.change.id}); };
    const auto begun = Clock::now();
    NodeResult out = follow_activation(wish, way, begin, view);
    out.took = since(begun);
    if (out.end == End::done) {
        out.release = task.plan.release;
        // What is left over is no failure of the roll-out; the next one removes it.
        (void)have_done(wish, way, {"prune", std::string{releases_kept}});
    } else if (out.end == End::undone) {
        out.release = task.plan.old_release;
    }
    return out;
}

/// Between two nodes, as long as nobody asks to end.
void wait(const RolloutWish& wish) {
    const auto end = Clock::now() + wish.pause;
    while (Clock::now() < end && !wish.stop() && wish.locked())
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
}

bool any_failed(const std::vector<NodeResult>& results) {
    return std::any_of(results.begin(), results.end(), [](const NodeResult& one) {
        return one.end == End::failed || one.end == End::undone || one.end == End::left;
    });
}

}  // namespace

std::string_view to_string(NodeResult::End end) {
    switch (end) {
    case End::unchanged:
        return "no changes";
    case End::done:
        return "done";
    case End::undone:
        return "undone";
    case End::failed:
        return "failed";
    case End::left:
        return "left";
    case End::not_begun:
        return "not begun";
    case End::left_out:
        return "left out";
    }
    return "";
}

std::vector<NodeResult> roll_out(
    const RolloutWish& wish, std::vector<NodeTask>& tasks, RolloutView& view
) {
    std::vector<NodeResult> results(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        results[i].node = tasks[i].way->name();
        results[i].release = tasks[i].plan.old_release;
        if (!tasks[i].plan.changes())
            results[i].end = End::unchanged;
    }
    make_all_ready(wish, tasks, results, view);
    bool first = true;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (results[i].end != End::not_begun)
            continue;
        if (!std::exchange(first, false))
            wait(wish);
        if (any_failed(results) || wish.stop())
            break;
        const Result<void> locked = wish.locked();
        results[i] =
            locked ? put_in_force(wish, tasks[i], view) : failed(*tasks[i].way, locked.error());
    }
    for (std::size_t i = 0; i < tasks.size(); ++i)
        if (results[i].end == End::not_begun)
            view.tell(tasks[i].way->name(), "not begun");
    return results;
}

Result<void> provision_there(const RolloutWish& wish, const NodeTask& task) {
    std::vector<std::string> words{"provision", wish.bundle->release, task.local_databases};
    std::string input = task.topology;
    words.push_back(wish.admin == nullptr ? "-" : wish.admin->name.written());
    if (wish.admin != nullptr)
        input.insert(0, fmt::format("{}\n", wish.admin->password.reveal()));
    return have_done(wish, *task.way, std::move(words), input);
}

std::vector<NodeResult> roll_back(
    const RolloutWish& wish, const std::vector<BackTask>& tasks, RolloutView& view
) {
    std::vector<NodeResult> results;
    for (const auto& [way, step] : tasks) {
        NodeResult& result = results.emplace_back();
        result.node = way->name();
        result.release = step.old_release;
        if (step.change.empty()) {
            result.end = End::unchanged;
            continue;
        }
        if (wish.stop() || any_failed(results))
            continue;
        std::vector<std::string> words{"rollback"};
        if (!step.before)
            words = {"activate", step.change};
        const auto begin = [&, way = way] { return begin_there(wish, *way, words); };
        const Result<void> locked = wish.locked();
        const auto begun = Clock::now();
        result = locked ? follow_activation(wish, *way, begin, view) : failed(*way, locked.error());
        result.took = since(begun);
        if (result.end == End::done)
            result.release = step.release;
        else if (result.end == End::undone)
            result.release = step.old_release;
    }
    return results;
}

}  // namespace pchat::cli

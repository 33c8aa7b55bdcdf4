// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/deployment.h"

#include "cli/time_span.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::chrono::seconds usual_within{120};
constexpr std::chrono::seconds longest{3600};

}  // namespace

std::vector<NodeWay*> Deployment::ways() const {
    std::vector<NodeWay*> out;
    for (const Surveyed& node : nodes)
        out.push_back(node.way.get());
    return out;
}

std::vector<NodeWay*> Deployment::ways_in_order() const {
    std::vector<NodeWay*> out = ways();
    std::sort(out.begin(), out.end(), [](const NodeWay* a, const NodeWay* b) {
        const bool a_active = *a->machine().active;
        const bool b_active = *b->machine().active;
        return std::tie(a_active, a->name()) < std::tie(b_active, b->name());
    });
    return out;
}

Result<std::unique_ptr<Deployment>> open_deployment(Context& ctx, const DeployTarget& target) {
    auto out = std::make_unique<Deployment>();
    Result<std::unique_ptr<ChosenPool>> chosen =
        target.pool.empty() ? choose_pool_of(ctx, target.file, target.machine)
                            : choose_pool(ctx, target.file, target.pool);
    if (!chosen)
        return pass(std::move(chosen).error());
    out->chosen = std::move(*chosen);
    Result<MachineLinks> links = target.ssh.links(ctx);
    if (!links)
        return pass(std::move(links).error());
    out->links = std::move(*links);
    const topology::Machine* only = nullptr;
    if (!target.machine.empty()) {
        const auto named = machine_named(out->pool(), target.machine);
        if (!named)
            return pass(named.error());
        only = *named;
    }
    for (const topology::Machine& machine : out->pool().machines) {
        auto way = std::make_unique<NodeWay>(machine, out->links);
        if (only == nullptr || only == &machine)
            out->nodes.push_back({std::move(way), {}, {}});
        else
            out->others.push_back(std::move(way));
    }
    return out;
}

Result<std::unique_ptr<PoolLock>> lock_pool(
    Context& ctx, const Deployment& deployment, const std::vector<NodeWay*>& ways, LockWish wish
) {
    for (const auto& way : deployment.others)
        wish.others.push_back(way.get());
    for (NodeWay* way : deployment.ways())
        if (std::find(ways.begin(), ways.end(), way) == ways.end())
            wish.others.push_back(way);
    Result<std::unique_ptr<PoolLock>> out = PoolLock::take(ways, wish);
    if (out)
        for (const std::string& why : (*out)->passed_over())
            ctx.note(fmt::format("not locked: {}", why));
    return out;
}

bool tell_unreached(Context& ctx, const std::vector<Surveyed>& nodes) {
    bool any = false;
    for (const Surveyed& node : nodes) {
        if (!node.finding)
            continue;
        any = true;
        ctx.err << fmt::format(
            "{}: {}: {}\n", node.way->name(), node.finding->check, node.finding->message
        );
        if (!node.finding->hint.empty())
            ctx.err << fmt::format("  hint: {}\n", node.finding->hint);
    }
    return any;
}

void WithinFlag::declare(Args& args) {
    args.option("within", text, "TIME", "how long a machine may take to get ready, such as 90s")
        .default_text = "120s";
}

Result<std::chrono::seconds> WithinFlag::read() const {
    Result<std::chrono::seconds> out = span_of("--within", text, usual_within);
    if (out && out->count() == 0)
        return fail(Errc::usage, "--within takes a time above 0");
    return out;
}

Result<std::chrono::seconds> span_of(
    std::string_view flag, const std::string& text, std::chrono::seconds usual
) {
    if (text.empty())
        return usual;
    const std::optional<std::int64_t> seconds = time_span(text);
    if (!seconds || *seconds < 0 || *seconds > longest.count())
        return fail(
            Errc::usage,
            fmt::format("{} takes a time such as 90s or 5m, at most an hour, got '{}'", flag, text)
        );
    return std::chrono::seconds{*seconds};
}

}  // namespace pchat::cli

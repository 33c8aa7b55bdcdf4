// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/preparation.h"

#include "base/clock.h"
#include "cli/deploy/pool_secrets.h"
#include "cli/deploy/result_table.h"
#include "cli/deploy/schema_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat::cli {
namespace {

bool has_local_database(const Prepared& prepared) {
    return prepared.secrets.content.target.engine == sql::Engine::sqlite;
}

Result<std::optional<FirstAdministrator>> read_admin(
    const Context& ctx, const PreparationWish& wish, const Prepared& prepared
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

}  // namespace

Result<std::unique_ptr<Prepared>> prepare(Context& ctx, const PreparationWish& wish) {
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

Result<bool> preflight(Context& ctx, const PreparationWish& wish, Prepared& prepared) {
    const ChosenPool& chosen = *prepared.deployment->chosen;
    compare_stores(chosen, prepared.deployment->nodes);
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
    for (auto more :
         {judge_together(with, asked), judge_schema(prepared.secrets, prepared.bundle, asked)})
        std::move(more.begin(), more.end(), std::back_inserter(prepared.findings));
    if (Result<void> known = skip(prepared.findings, wish.skip); !known)
        return pass(std::move(known).error());
    const bool good = tell_findings(ctx, prepared.findings);
    if (good && asked.empty())
        return fail(Errc::unreachable, "no machine was reached, so nothing was changed");
    return good;
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
        task.plan.ports = node_ports(deployment.pool(), way->machine());
        task.change = std::move(wanted->change);
        task.folders =
            server_folders(deployment.chosen->directory, deployment.pool(), prepared.secrets);
        task.local_databases = local;
        if (!local.empty())
            task.topology = std::string{deployment.chosen->parsed.document.source->text()};
    }
    return {};
}

nlohmann::ordered_json document_of(const Prepared& prepared) {
    return {
        {"pool", *prepared.deployment->pool().fqdn},
        {"release", prepared.bundle.release},
        {"checks", findings_json(prepared.findings)},
        {"machines", plan_json(prepared.plans())}};
}

Error refusal(const Prepared& prepared) {
    const auto bad =
        std::count_if(prepared.findings.begin(), prepared.findings.end(), [](const Finding& one) {
            return one.verdict == Verdict::bad;
        });
    Error out;
    out.code = Errc::conflict;
    out.message = fmt::format(
        "{} failed, so nothing was changed", bad == 1 ? "a check" : fmt::format("{} checks", bad)
    );
    out.hint = "put it right, or pass over a check with --skip-check NAME";
    return out;
}

}  // namespace pchat::cli

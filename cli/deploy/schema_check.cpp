// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/schema_check.h"

#include "server/store/sql/schema.h"

#include <fmt/format.h>

#include <utility>

namespace pchat::cli {
namespace {

Finding schema(Verdict verdict, std::string message, std::string hint = {}) {
    return {{}, "schema", verdict, std::move(message), std::move(hint)};
}

int steps_for(const SchemaSteps& steps, sql::Purpose purpose) {
    return purpose == sql::Purpose::content ? steps.content : steps.compliance;
}

/// One database, and the schema that the release in the bundle knows.
struct Wanted {
    const DatabaseAccess& access;
    sql::Purpose purpose;
    int version = 0;
};

Wanted wanted(const DatabaseAccess& access, sql::Purpose purpose, const Bundle& bundle) {
    const int told = steps_for(bundle.schema, purpose);
    // One that does not say it is taken to be of the time of this program.
    const auto own = sql::built_in_steps(access.target.engine, purpose).size();
    return {access, purpose, told > 0 ? told : static_cast<int>(own)};
}

Finding judge_on_server(const Wanted& want, const StatusOf& status_of) {
    const Result<sql::Status> status = status_of(want.access.target, want.purpose);
    if (!status)
        return schema(
            Verdict::bad,
            status.error().message,
            status.error().code == Errc::unreachable
                ? "not reached from here; where only nodes reach it: --skip-check schema"
                : "is it made? pchatctl db provision -f TOPOLOGY"
        );
    if (status->version != want.version)
        return schema(
            Verdict::bad,
            fmt::format(
                "{}: schema {}, and this release has {}",
                want.access.target.describe(),
                status->version,
                want.version
            ),
            status->version < want.version
                ? "pchatctl db backup, then pchatctl db migrate -f TOPOLOGY"
                : "deploy a newer release"
        );
    if (status->forgets)
        return schema(Verdict::bad, status->forgets->message, status->forgets->hint);
    return schema(Verdict::good, "up to date");
}

/// A file of the machine has the schema of the release that runs there.
Finding judge_on_node(const Wanted& want, const Asked& node) {
    const auto& known = node.found.schemas;
    const auto current = known.find(node.found.current);
    const int there = current == known.end() ? 0 : steps_for(current->second, want.purpose);
    Finding out = schema(Verdict::good, "made on the machine itself");
    out.node = *node.machine->fqdn;
    const std::string_view name = to_string(want.purpose);
    if (there > want.version) {
        out.verdict = Verdict::bad;
        out.message = fmt::format(
            "the {} database has schema {} of {}, and this release knows {}",
            name,
            there,
            node.found.current,
            want.version
        );
        out.hint =
            "its server would not start: deploy a newer release, or bring back the data from "
            "before with pchatctl db restore, then --skip-check schema";
    } else if (there > 0 && there < want.version) {
        out.verdict = Verdict::warning;
        out.message = fmt::format(
            "the {} database goes from schema {} to {}, and {} cannot go on with that",
            name,
            there,
            want.version,
            node.found.current
        );
        out.hint = "a copy from before is left in /var/lib/pchat/backups there, for pchatctl db "
                   "restore";
    }
    return out;
}

}  // namespace

std::vector<Finding> judge_schema(
    const PoolSecrets& secrets,
    const Bundle& bundle,
    const std::vector<Asked>& nodes,
    const StatusOf& status_of
) {
    std::vector<Wanted> all{wanted(secrets.content, sql::Purpose::content, bundle)};
    if (secrets.compliance)
        all.push_back(wanted(*secrets.compliance, sql::Purpose::compliance, bundle));
    std::vector<Finding> out;
    for (const Wanted& one : all)
        if (one.access.target.engine != sql::Engine::sqlite)
            out.push_back(judge_on_server(one, status_of));
        else
            for (const Asked& node : nodes)
                out.push_back(judge_on_node(one, node));
    return out;
}

}  // namespace pchat::cli

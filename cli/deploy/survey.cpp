// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/survey.h"

#include "base/clock.h"
#include "cli/deploy/node_layout.h"
#include "cli/deploy/question.h"
#include "server/store/sql/admin.h"

#include <fmt/format.h>

#include <set>
#include <thread>
#include <utility>

namespace pchat::cli {
namespace {

constexpr double second = 1e6;

/// Why nobody got there, as a check has its name.
Finding unreached(const std::string& node, const Error& error) {
    const char* check = error.code == Errc::conflict ? "host-key"
                        : error.code == Errc::denied ? "sign-in"
                                                     : "reachable";
    return {node, check, Verdict::bad, error.message, error.hint};
}

/// With either supervisor, since it is not known yet which one starts services there.
std::vector<std::string> files_of(
    const ChosenPool& chosen, const PoolSecrets& secrets, const topology::Machine& machine
) {
    std::set<std::string> out;
    for (const Supervisor supervisor : {Supervisor::systemd, Supervisor::runit}) {
        const Result<NodeWant> want =
            render_node(chosen.directory, *chosen.pool, machine, secrets, {"-", supervisor});
        if (!want)
            continue;
        for (const NodeFile& file : want->files)
            out.insert(file.path);
    }
    return {out.begin(), out.end()};
}

void survey_one(const ChosenPool& chosen, const PoolSecrets& secrets, Surveyed& node) {
    const topology::Machine& machine = node.way->machine();
    const auto give_up = [&](const Error& error) {
        node.finding = unreached(node.way->name(), error);
    };
    const std::string question = question_for(
        chosen.directory, *chosen.pool, machine, secrets, files_of(chosen, secrets, machine)
    );
    if (Result<void> connected = node.way->connect(); !connected)
        return give_up(connected.error());
    const SystemClock clock;
    const Microseconds before = clock.now();
    const Result<std::string> said = node.way->look(question);
    const Microseconds after = clock.now();
    if (!said)
        return give_up(said.error());
    Result<NodeFound> found = read_found(*said);
    if (!found)
        return give_up(found.error());
    Asked asked;
    asked.machine = &machine;
    asked.clock_ahead = found->time - static_cast<double>(before + after) / 2 / second;
    asked.uncertain = static_cast<double>(after - before) / 2 / second;
    asked.found = std::move(*found);
    node.asked = std::move(asked);
    node.finding.reset();
}

Finding schema_finding(Verdict verdict, std::string message, std::string hint = {}) {
    return {{}, "schema", verdict, std::move(message), std::move(hint)};
}

}  // namespace

void survey(const ChosenPool& chosen, const PoolSecrets& secrets, std::vector<Surveyed>& nodes) {
    std::vector<std::thread> threads;
    threads.reserve(nodes.size());
    for (Surveyed& node : nodes)
        threads.emplace_back([&] { survey_one(chosen, secrets, node); });
    for (std::thread& thread : threads)
        thread.join();
}

Result<void> survey_again(
    const ChosenPool& chosen, const PoolSecrets& secrets, std::vector<Surveyed>& nodes
) {
    std::vector<std::optional<Asked>> before;
    before.reserve(nodes.size());
    for (const Surveyed& node : nodes)
        before.push_back(node.asked);
    survey(chosen, secrets, nodes);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!before[i])
            continue;
        if (nodes[i].finding)
            return fail(
                Errc::unreachable,
                fmt::format("{}: {}", nodes[i].way->name(), nodes[i].finding->message),
                nodes[i].finding->hint
            );
        const NodeFound& now = nodes[i].asked->found;
        const NodeFound& then = before[i]->found;
        if (now.active != then.active || now.current != then.current ||
            now.activation.state != then.activation.state)
            return fail(
                Errc::conflict,
                fmt::format(
                    "{}: somebody else changed it meanwhile, so nothing was done",
                    nodes[i].way->name()
                ),
                "run it again: the plan is another one now"
            );
    }
    return {};
}

Result<Wanted> wanted_on(
    const ChosenPool& chosen,
    const PoolSecrets& secrets,
    const std::string& release,
    const Asked& node
) {
    const NodeChoice choice{release, node.found.supervisor.value_or(Supervisor::systemd)};
    Result<NodeWant> want =
        render_node(chosen.directory, *chosen.pool, *node.machine, secrets, choice);
    if (!want)
        return pass(std::move(want).error());
    Result<NodeChange> change =
        make_change(*want, choice.supervisor, ready_probe(*chosen.pool, *node.machine, secrets));
    if (!change)
        return pass(std::move(change).error());
    return Wanted{std::move(*want), std::move(*change)};
}

std::vector<std::string> ready_probe(
    const topology::Pool& pool, const topology::Machine& machine, const PoolSecrets& secrets
) {
    const bool given = secrets.tls.has_value();
    const std::string authority =
        given && secrets.tls->authority.empty()
            ? fmt::format("{}/share/certificates/ca-certificates.crt", layout::current)
            : fmt::format("{}/ca.pem", layout::tls);
    return {
        "--server",
        fmt::format("https://{}:{}", *machine.fqdn, *pool.ports.https),
        "--ca-file",
        authority,
        "--standby"};  // whether users may come is for the pool to say
}

Finding judge_schema(const PoolSecrets& secrets) {
    std::vector<std::pair<const DatabaseAccess*, sql::Purpose>> all{
        {&secrets.content, sql::Purpose::content}};
    if (secrets.compliance)
        all.emplace_back(&*secrets.compliance, sql::Purpose::compliance);
    for (const auto& [access, purpose] : all) {
        if (access->target.engine == sql::Engine::sqlite)
            return schema_finding(Verdict::good, "made on the machine itself");
        const Result<sql::Status> status = sql::database_status(access->target, purpose);
        if (!status)
            return schema_finding(
                Verdict::bad,
                status.error().message,
                status.error().code == Errc::unreachable
                    ? "not reached from here; where only nodes reach it: --skip schema"
                    : "is it made? pchatctl db provision -f TOPOLOGY"
            );
        if (status->version != status->known)
            return schema_finding(
                Verdict::bad,
                fmt::format(
                    "{}: schema {}, and this release has {}",
                    access->target.describe(),
                    status->version,
                    status->known
                ),
                status->version < status->known ? "pchatctl db migrate -f TOPOLOGY"
                                                : "deploy a newer release"
            );
        if (status->forgets)
            return schema_finding(Verdict::bad, status->forgets->message, status->forgets->hint);
    }
    return schema_finding(Verdict::good, "up to date");
}

}  // namespace pchat::cli

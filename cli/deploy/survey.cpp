// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/survey.h"

#include "base/clock.h"
#include "base/uuid.h"
#include "cli/deploy/node_layout.h"
#include "cli/deploy/question.h"
#include "cli/ssh/host_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <set>
#include <thread>
#include <utility>

namespace pchat::cli {
namespace {

constexpr double second = 1e6;
constexpr std::chrono::seconds patience{15};

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

void survey_one(const std::string& question, Surveyed& node) {
    const auto give_up = [&](const Error& error) {
        node.finding = unreached(node.way->name(), error);
    };
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
    asked.machine = &node.way->machine();
    asked.clock_ahead = found->time - static_cast<double>(before + after) / 2 / second;
    asked.uncertain = static_cast<double>(after - before) / 2 / second;
    asked.found = std::move(*found);
    node.asked = std::move(asked);
    node.finding.reset();
}

/// On all of them at once.
void each(std::vector<Surveyed>& nodes, const std::function<void(Surveyed&)>& work) {
    std::vector<std::thread> threads;
    threads.reserve(nodes.size());
    for (Surveyed& node : nodes)
        threads.emplace_back([&] { work(node); });
    for (std::thread& thread : threads)
        thread.join();
}

/// What became of a mark, or why that is not known.
void mark(Surveyed& node, const std::string& folder, const char* what, const std::string& name) {
    const Result<Said> said = node.way->ask({"mark", what, folder, name});
    const std::vector<std::string>* line = said ? said->line("mark") : nullptr;
    const bool told = line != nullptr && line->size() > 1;
    node.asked->mark = told ? (*line)[1] : said ? "it says nothing" : said.error().message;
}

/// What `test ready` complains about, without who says so and the hint.
std::string complaint(const nlohmann::json& told, std::string_view text) {
    if (told.is_object() && told.contains("error") && told["error"].is_object())
        return told["error"].value("message", "");
    constexpr std::string_view speaker = "pchatctl: test ready: ";
    if (text.starts_with(speaker))
        text.remove_prefix(speaker.size());
    return std::string{text.substr(0, text.find('\n'))};
}

}  // namespace

void survey(const ChosenPool& chosen, const PoolSecrets& secrets, std::vector<Surveyed>& nodes) {
    each(nodes, [&](Surveyed& node) {
        const topology::Machine& machine = node.way->machine();
        const std::string question = question_for(
            chosen.directory, *chosen.pool, machine, secrets, files_of(chosen, secrets, machine)
        );
        survey_one(question, node);
    });
}

void look_around(std::vector<Surveyed>& nodes) {
    each(nodes, [](Surveyed& node) { survey_one({}, node); });
}

void compare_stores(const ChosenPool& chosen, std::vector<Surveyed>& nodes) {
    const topology::FileStore* store = chosen.directory.file_store(chosen.pool->file_store);
    if (store == nullptr || !topology::stated(store->path))
        return;
    const std::string& folder = *store->path;
    const auto can_write = [&](const Surveyed& node) {
        if (!node.asked)
            return false;
        const auto& stores = node.asked->found.stores;
        const auto one = stores.find(folder);
        return one != stores.end() && one->second.writable;
    };
    const auto writer = std::find_if(nodes.begin(), nodes.end(), can_write);
    if (writer == nodes.end() || std::count_if(nodes.begin(), nodes.end(), can_write) < 2)
        return;
    const std::string name = make_uuid(SystemClock{}.now());
    mark(*writer, folder, "leave", name);
    const std::string left = writer->asked->mark;
    if (left == "left")
        each(nodes, [&](Surveyed& node) {
            if (&node != &*writer && can_write(node))
                mark(node, folder, "find", name);
        });
    mark(*writer, folder, "take", name);
    writer->asked->mark = left;
}

Finding unreached(const std::string& node, const Error& error) {
    const char* check = error.reason == host_key_reason ? "host-key"
                        : error.code == Errc::denied    ? "sign-in"
                                                        : "reachable";
    return {node, check, Verdict::bad, error.message, error.hint};
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
        "--connect-to",
        "127.0.0.1",   // its name may lead elsewhere; it listens on all addresses
        "--standby"};  // whether users may come is for the pool to say
}

Health health_of(NodeWay& way) {
    const Result<Ran> said = way.run(
        fmt::format(
            "exec {1}/bin/pchatctl test ready --within 3s -o json $(cat {0}/changes/$(cat "
            "{0}/active)/probe)",
            layout::deploy_state,
            layout::current
        ),
        patience
    );
    if (!said)
        return {"unknown", said.error().message};
    const auto told = nlohmann::json::parse(said->out, nullptr, /*allow_exceptions=*/false);
    if (said->status != 0)
        return {"not ready", complaint(told, said->err)};
    // It works, and takes no users because administrators want it so.
    if (told.is_object() && told.contains("ready") && told["ready"] == false)
        return {told.value("state", "standby"), {}};
    return {"ready", {}};
}

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/question.h"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace pchat::cli {

std::string question_for(
    const topology::Directory& topology,
    const topology::Pool& pool,
    const topology::Machine& machine,
    const PoolSecrets& secrets,
    const std::vector<std::string>& files
) {
    std::string out;
    const auto ask = [&](std::string_view what, std::string_view about) {
        out += fmt::format("{}\t{}\n", what, about);
    };
    for (const std::string& file : files)
        ask("file", file);
    for (const NodePort& port : node_ports(pool, machine))
        ask("port", std::to_string(port.number));
    std::set<std::string> names;
    for (const topology::Machine& one : pool.machines)
        names.insert(*one.fqdn);
    std::set<std::pair<std::string, int>> databases;
    std::set<std::pair<std::string, std::string>> instances;
    const auto look_at = [&](const DatabaseAccess& access) {
        if (access.target.engine == sql::Engine::sqlite)
            return;
        names.insert(access.target.host);
        // A named instance has a port that only its own machine tells.
        if (access.target.port > 0)
            databases.emplace(access.target.host, access.target.port);
        else
            instances.emplace(access.target.host, access.target.instance);
    };
    look_at(secrets.content);
    if (secrets.compliance)
        look_at(*secrets.compliance);
    for (const std::string& name : names)
        ask("name", name);
    for (const auto& [host, port] : databases)
        out += fmt::format("reach\t{}\t{}\n", host, port);
    for (const auto& [host, instance] : instances)
        out += fmt::format("instance\t{}\t{}\n", host, instance);
    const topology::FileStore* store = topology.file_store(pool.file_store);
    if (store != nullptr && topology::stated(store->path))
        ask("store", *store->path);
    return out;
}

}  // namespace pchat::cli

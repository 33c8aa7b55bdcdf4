// SPDX-License-Identifier: Apache-2.0
// render_files TOPOLOGY POOL MACHINE RELEASE systemd|runit: what a machine shall have, as JSON,
// secrets included, and the program that runs there; for tests that do without pchatctl deploy.
#include "cli/deploy/node_program.h"
#include "cli/deploy/pool_secrets.h"
#include "cli/deploy/render_node.h"
#include "cli/valid_topology.h"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace pchat;
using namespace pchat::cli;
using Json = nlohmann::ordered_json;

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<NodeWant> render(Context& ctx, const std::vector<std::string>& words) {
    const Result<topology::Parsed> parsed = load_valid_topology(ctx, words[0]);
    if (!parsed)
        return pass(parsed.error());
    const Result<const topology::Pool*> pool = pool_named(*parsed, words[1]);
    if (!pool)
        return pass(pool.error());
    const topology::Directory directory{parsed->model};
    const Result<PoolSecrets> secrets =
        read_pool_secrets(ctx, directory, **pool, folder_of_topology(words[0]));
    if (!secrets)
        return pass(secrets.error());
    NodeChoice choice{.release = words[3]};
    choice.supervisor = words[4] == "runit" ? Supervisor::runit : Supervisor::systemd;
    for (const topology::Machine& machine : (*pool)->machines)
        if (*machine.fqdn == words[2])
            return render_node(directory, **pool, machine, *secrets, choice);
    return fail(Errc::not_found, "the pool has no machine " + words[2]);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() != 5) {
        std::cerr << "usage: render_files TOPOLOGY POOL MACHINE RELEASE systemd|runit\n";
        return 2;
    }
    Context ctx{std::cout, std::cerr, std::cin, {}, {}, variable, {2026, 11, 21}};
    const Result<NodeWant> want = render(ctx, words);
    if (!want) {
        std::cerr << want.error().message << '\n' << want.error().hint << '\n';
        return 1;
    }
    Json files = Json::array();
    for (const NodeFile& file : want->files)
        files.push_back(
            {{"path", file.path},
             {"owner", file.owner},
             {"group", file.group},
             {"mode", file.mode},
             {"content", file.content},
             {"secret", file.secret}}
        );
    std::cout
        << Json{{"fqdn", want->fqdn}, {"units", want->units}, {"files", files}, {"program", node_program()}}
               .dump()
        << '\n';
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
// `server run --nodes`.
#include "cli/commands/server_run.h"
#include "cli/local_server/first_start.h"
#include "cli/local_server/private_bus.h"
#include "cli/local_server/private_postgres.h"
#include "cli/local_server/process_group.h"
#include "cli/local_server/secret_file.h"
#include "cli/local_server/server_process.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <ostream>
#include <utility>
#include <vector>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t most_nodes = 4;
constexpr std::string_view pool_name = "pool.localhost.example";

std::string node_name(std::int64_t number) {
    return fmt::format("node{}", number);
}

Result<void> check_choices(const RunServer& opt, const LocalSettings& settings) {
    if (*opt.nodes < 1 || *opt.nodes > most_nodes)
        return fail(
            Errc::usage,
            fmt::format("--nodes {}: a pool has 1 to {} active servers", *opt.nodes, most_nodes),
            "for example --nodes 3"
        );
    if (settings.listen.port != 0 && settings.listen.port + *opt.nodes - 1 > 65'535)
        return fail(
            Errc::usage,
            fmt::format(
                "--listen {}: {} servers need as many ports from there on", opt.listen, *opt.nodes
            ),
            "choose a lower port, or 0 for any"
        );
    return {};
}

/// The programs that it takes, found before anything is made.
struct Programs {
    std::string pchatd;
    std::string nats;
    std::string postgres;  // a folder; empty when a database was given
};

Result<Programs> find_programs(const Context& ctx, const RunServer& opt) {
    Programs out;
    const std::string path = ctx.variable("PATH");
    const auto found = [](Result<std::string> one, std::string& to) -> Result<void> {
        if (!one)
            return pass(std::move(one).error());
        to = std::move(*one);
        return {};
    };
    if (Result<void> there = found(find_pchatd(path), out.pchatd); !there)
        return pass(std::move(there).error());
    if (Result<void> there = found(find_nats(path), out.nats); !there)
        return pass(std::move(there).error());
    if (!opt.database.empty())
        return out;
    if (Result<void> there = found(find_postgres(path), out.postgres); !there)
        return pass(std::move(there).error());
    return out;
}

Result<sql::Target> shared_database(const Context& ctx, const RunServer& opt) {
    Result<sql::Target> out = read_database(ctx, opt.database);
    if (out && out->engine == sql::Engine::sqlite)
        return fail(
            Errc::usage,
            "--database is SQLite, which is for one server alone",
            "give a PostgreSQL or SQL Server, or leave it out: then a PostgreSQL is started"
        );
    return out;
}

/// All of it, while it runs.
class LocalPool {
public:
    LocalPool(
        Context& ctx,
        const RunServer& opt,
        const LocalSettings& settings,
        const DataDirectory& directory,
        Programs programs
    )
        : ctx_(ctx), opt_(opt), settings_(settings), directory_(directory),
          programs_(std::move(programs)) {}

    Result<void> run();

private:
    struct Node {
        std::string name;
        ProcessGroup::Number number = 0;
        std::string url;
    };
    Result<void> start();
    Result<void> start_database();
    Result<void> start_node(std::int64_t number);
    Result<void> stay();
    void show_ready() const;
    [[nodiscard]] std::string authority() const {
        return settings_.plain ? std::string{} : directory_.certificates().authority;
    }

    Context& ctx_;
    const RunServer& opt_;
    const LocalSettings& settings_;
    const DataDirectory& directory_;
    Programs programs_;
    ProcessGroup group_;
    std::optional<ProcessGroup::Number> postgres_;
    sql::Target database_;
    LocalBus bus_;
    std::vector<Node> nodes_;
};

Result<void> LocalPool::start_database() {
    if (!opt_.database.empty()) {
        Result<sql::Target> given = shared_database(ctx_, opt_);
        if (!given)
            return pass(std::move(given).error());
        database_ = std::move(*given);
    } else {
        Result<PrivatePostgres> own = start_postgres(group_, directory_, programs_.postgres);
        if (!own)
            return pass(std::move(own).error());
        postgres_ = own->number;
        database_ = std::move(own->target);
        ctx_.note(database_.describe() + " is there");
    }
    return fill_database(ctx_, directory_, database_);
}

Result<void> LocalPool::start_node(std::int64_t number) {
    Node node;
    node.name = node_name(number);
    LocalSettings settings = settings_;
    settings.fqdn = node.name + ".localhost.example";
    settings.pool = pool_name;
    settings.data = directory_.path() + "/" + node.name;
    settings.bus = bus_;
    if (settings.listen.port != 0)
        settings.listen.port = static_cast<std::uint16_t>(settings.listen.port + number - 1);
    std::error_code problem;
    std::filesystem::create_directory(settings.data, problem);
    std::filesystem::permissions(settings.data, std::filesystem::perms::owner_all, problem);
    if (problem)
        return fail(
            Errc::internal, fmt::format("cannot use {}: {}", settings.data, problem.message())
        );
    const std::string file = settings.data + "/pchatd.yaml";
    const std::string text = settings_text(directory_, settings, database_);
    if (Result<void> written = write_secret_file(file, text, 0600); !written)
        return written;
    ServerProgram program;
    program.program = programs_.pchatd;
    program.arguments = {"--config", file, "--announce"};
    program.environment = {
        {std::string{database_password_variable}, std::string{database_.login.password.reveal()}}};
    const auto started = group_.start(node.name, std::move(program), settings.data + "/pchatd.log");
    if (!started)
        return pass(started.error());
    node.number = *started;
    const Result<std::string> line = group_.first_line(*started);
    if (!line)
        return pass(line.error());
    const Json said = Json::parse(*line, nullptr, false);
    if (!said.is_object() || !said.contains("urls") || said["urls"].empty())
        return fail(
            Errc::internal,
            fmt::format("{} does not start: {}", node.name, group_.end_of_log(*started))
        );
    node.url = usable_url(said["urls"][0].get<std::string>());
    ctx_.note(fmt::format("{} is at {}", node.name, node.url));
    nodes_.push_back(std::move(node));
    return {};
}

Result<void> LocalPool::start() {
    if (Result<void> there = start_database(); !there)
        return there;
    if (!settings_.plain)
        if (auto made =
                ensure_certificates(directory_.certificates(), certificate_names(settings_.listen));
            !made)
            return pass(std::move(made).error());
    const Result<PrivateBus> bus = start_bus(group_, directory_, programs_.nats);
    if (!bus)
        return pass(bus.error());
    bus_ = bus->bus;
    ctx_.note(fmt::format("the bus is at nats://127.0.0.1:{}", bus_.port));
    for (std::int64_t number = 1; number <= *opt_.nodes; ++number)
        if (Result<void> started = start_node(number); !started)
            return started;
    return {};
}

void LocalPool::show_ready() const {
    if (ctx_.global.output == "json") {
        Json line{
            {"url", nodes_.front().url},
            {"data", directory_.path()},
            {"admin", fmt::format("sip:{}", local_administrator)},
            {"token_file", directory_.admin_token()},
            {"ca_file", authority()},
            {"pid", group_.pid(nodes_.front().number)},
            {"pool", pool_name},
            {"bus", fmt::format("nats://127.0.0.1:{}", bus_.port)},
            {"database", database_.describe()}};
        for (const Node& node : nodes_)
            line["servers"].push_back(Json{
                {"server", node.name + ".localhost.example"},
                {"url", node.url},
                {"pid", group_.pid(node.number)}});
        ctx_.out << line.dump() << '\n' << std::flush;
        return;
    }
    ctx_.out << fmt::format("ready: pool {}\n", pool_name);
    for (const Node& node : nodes_)
        ctx_.out << fmt::format(
            "  {:<9} {} (pid {})\n", node.name, node.url, group_.pid(node.number)
        );
    ctx_.out << fmt::format(
        "  data      {}, with what each of them logs\n"
        "  sign in   sip:{}, the password is in {}\n"
        "  token     {}\n",
        directory_.path(),
        local_administrator,
        directory_.admin_password(),
        directory_.admin_token()
    );
    if (!authority().empty())
        ctx_.out << fmt::format("  authority {}\n", authority());
    ctx_.out << std::flush;
    ctx_.note("stop it with Ctrl-C; kill one of them to see what the others do");
}

/// Servers may be lost, and the bus: that is what a pool is for. Without its database it is none.
Result<void> LocalPool::stay() {
    for (;;) {
        const auto ended = group_.wait();
        if (!ended)
            return {};  // we are to end
        const bool someone = std::any_of(nodes_.begin(), nodes_.end(), [&](const Node& node) {
            return group_.is_running(node.number);
        });
        if (postgres_ == *ended || !someone)
            return fail(
                Errc::internal,
                group_.last_words(*ended),
                "run it again: what was confirmed is in the database"
            );
        ctx_.note(fmt::format("{} {}; the others go on", group_.name(*ended), group_.end_of(*ended))
        );
    }
}

Result<void> LocalPool::run() {
    Result<void> done = start();
    if (done) {
        show_ready();
        done = stay();
    }
    group_.stop();
    const int by = group_.stopped_by();
    if (by == SIGINT || by == SIGQUIT)
        return fail_silently(Errc::interrupted);
    return by != 0 ? Result<void>{} : done;
}

}  // namespace

Result<void> show_pool_plan(Context& ctx, const RunServer& opt, const LocalSettings& settings) {
    if (Result<void> good = check_choices(opt, settings); !good)
        return good;
    const Result<Programs> programs = find_programs(ctx, opt);
    if (!programs)
        return pass(programs.error());
    const std::string directory = absolute_path(opt.data);
    std::vector<std::string> steps;
    if (!std::filesystem::exists(directory))
        steps.push_back(fmt::format("create directory {}", directory));
    if (opt.database.empty()) {
        steps.push_back(fmt::format("start PostgreSQL in {}/postgres", directory));
    } else {
        const Result<sql::Target> target = shared_database(ctx, opt);
        if (!target)
            return pass(target.error());
        steps.push_back(fmt::format("bring the schema of {} up to date", target->describe()));
    }
    steps.push_back(fmt::format("start {}", programs->nats));
    for (std::int64_t number = 1; number <= *opt.nodes; ++number)
        steps.push_back(fmt::format("start pchatd as {}", node_name(number)));
    show_steps(ctx, directory, steps);
    return {};
}

Result<void> run_pool(Context& ctx, const RunServer& opt, const LocalSettings& settings) {
    if (Result<void> good = check_choices(opt, settings); !good)
        return good;
    Result<Programs> programs = find_programs(ctx, opt);
    if (!programs)
        return pass(std::move(programs).error());
    if (!opt.database.empty())
        if (const auto given = shared_database(ctx, opt); !given)
            return pass(given.error());
    const Result<DataDirectory> directory = DataDirectory::take(opt.data);
    if (!directory)
        return pass(directory.error());
    return LocalPool{ctx, opt, settings, *directory, std::move(*programs)}.run();
}

}  // namespace pchat::cli

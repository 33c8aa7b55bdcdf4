// SPDX-License-Identifier: Apache-2.0
// `directory sync`, `directory status`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/ui/output.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <thread>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds between_looks{500};

struct Options {
    ServerFlags server;
    bool wait = false;
    bool full = false;
    bool force = false;
};

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t number_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::string counts_of(const Json& report) {
    const auto of = [&](const char* key) { return number_of(report, key); };
    return fmt::format(
        "{} added, {} changed, {} moved, {} removed; memberships: {} begun, {} ended\n",
        of("added"),
        of("changed"),
        of("moved"),
        of("removed"),
        of("memberships_begun"),
        of("memberships_ended")
    );
}

std::string problems_of(const Json& report) {
    std::string out;
    const std::int64_t all = number_of(report, "problem_count");
    if (all == 0)
        return out;
    out += fmt::format("not taken: {}\n", all);
    std::int64_t shown = 0;
    for (const Json& one : report.value("problems", Json::array())) {
        out += fmt::format("  {}: {}\n", text_of(one, "dn"), text_of(one, "why"));
        ++shown;
    }
    if (shown < all)
        out += fmt::format("  and {} more\n", all - shown);
    return out;
}

std::string report_text(const Json& report) {
    std::string out = report.value("dry_run", false) ? "would be: " : "directory/synchronized: ";
    out += counts_of(report);
    if (report.value("dry_run", false))
        for (const Json& one : report.value("changes", Json::array()))
            out += fmt::format("  {}\n", one.get<std::string>());
    return out + problems_of(report);
}

std::string status_text(const Json& status) {
    const auto line = [](std::string_view name, const std::string& value) {
        return value.empty() ? std::string{} : fmt::format("{:<14}{}\n", name, value);
    };
    std::string out = line("directory", text_of(status, "place"));
    const std::string finished = text_of(status, "finished_at");
    out += line("synchronized", finished.empty() ? "never" : finished);
    out += line("next", text_of(status, "next_at"));
    out += line("running on", text_of(status, "synchronizing"));
    if (const std::int64_t tries = number_of(status, "failed_tries"); tries > 0)
        out += line("failed", fmt::format("{} times: {}", tries, text_of(status, "last_error")));
    if (const auto last = status.find("last"); last != status.end())
        out += line("last here", text_of(*last, "finished_at")) + report_text(*last);
    return out;
}

Result<Json> wait_for(ApiClient& client, std::int64_t run) {
    for (;;) {
        Result<Json> status = client.call({.path = api_path("directory")});
        if (!status || number_of(*status, "ended") >= run)
            return status;
        std::this_thread::sleep_for(between_looks);
    }
}

Result<void> run_sync(Context& ctx, const Options& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.method = "POST", .path = api_path("directory") + "/sync"};
    for (const auto& [name, wanted] :
         {std::pair{"dry_run", ctx.global.dry_run},
          std::pair{"full", opt.full},
          std::pair{"force", opt.force}})
        if (wanted)
            call.query.emplace_back(name, "true");
    const Result<Json> asked = (*client)->call(call);
    if (!asked)
        return pass(asked.error());
    // What a trial would do is all that anybody wants of it.
    if (!opt.wait && !ctx.global.dry_run) {
        print_document(ctx, *asked, "directory/asked\nnext: pchatctl directory status\n");
        return {};
    }
    const Result<Json> status = wait_for(**client, number_of(*asked, "asked"));
    if (!status)
        return pass(status.error());
    if (const auto problem = status->find("problem"); problem != status->end())
        return fail(
            Errc::conflict,
            fmt::format("the directory was not synchronized: {}", text_of(*problem, "message")),
            text_of(*problem, "hint")
        );
    const Json report = status->value("last", Json::object());
    print_document(ctx, report, report_text(report));
    return {};
}

Result<void> run_status(Context& ctx, const Options& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> status = (*client)->call({.path = api_path("directory")});
    if (!status)
        return pass(status.error());
    print_document(ctx, *status, status_text(*status));
    return {};
}

Run bind_sync(Args& args) {
    auto opt = std::make_shared<Options>();
    args.flag("wait", opt->wait, "wait for the end and say what was done");
    args.flag("full", opt->full, "read everything, not only what has changed");
    args.flag("force", opt->force, "however much would be removed, and whoever is denied");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_sync(ctx, *opt); };
}

Run bind_status(Args& args) {
    auto opt = std::make_shared<Options>();
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_status(ctx, *opt); };
}

}  // namespace

std::vector<Command> directory_commands() {
    return {
        {.path = "directory status",
         .summary = "Show how far the directory has been read",
         .help = {},
         .bind = bind_status,
         .formats = {"table", "json", "yaml"}},
        {.path = "directory sync",
         .summary = "Read users and groups from the directory now",
         .help = {},
         .bind = bind_sync,
         .formats = {"table", "json", "yaml"},
         .changes = true},
    };
}

}  // namespace pchat::cli

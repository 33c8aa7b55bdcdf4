// SPDX-License-Identifier: Apache-2.0
// `report usage`, `report sessions`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/local_server/secret_file.h"
#include "cli/ui/output.h"
#include "cli/usage_page.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Usage {
    ServerFlags server;
    std::string since;
    std::string until;
    std::optional<std::int64_t> top;
    std::string report;
};

struct Sessions {
    ServerFlags server;
    std::optional<std::int64_t> top;
};

Result<void> check_report(const std::string& file) {
    if (file.empty() || file.ends_with(".html") || file.ends_with(".json"))
        return {};
    return fail(
        Errc::usage,
        fmt::format("a report is a file .html or .json, not '{}'", file),
        "choose the form by the end of the name"
    );
}

Result<void> write_usage(const std::string& file, const Json& usage) {
    return write_secret_file(
        file, file.ends_with(".html") ? usage_page(usage) : json_text(usage), 0644
    );
}

std::string section(const char* title, const Json& rows, const std::vector<Column>& columns) {
    if (rows.empty())
        return {};
    return fmt::format("\n{}\n{}", title, render_table(rows, columns));
}

/// Days without a message say nothing in a table; the picture has them.
Json busy_days(const Json& days) {
    Json out = Json::array();
    for (Json day : days)
        if (day.value("messages", std::int64_t{0}) > 0) {
            day["day"] = day.value("day", "").substr(0, 10);
            out.push_back(std::move(day));
        }
    return out;
}

std::string usage_text(const Json& usage) {
    const Json none = Json::array();
    return fmt::format(
               "{} to {}\n{} messages by {} of {} users in {} of {} rooms{}\n",
               usage.value("since", "").substr(0, 10),
               usage.value("until", "").substr(0, 10),
               usage.value("messages", std::int64_t{0}),
               usage.value("users_heard", std::int64_t{0}),
               usage.value("users", std::int64_t{0}),
               usage.value("rooms_used", std::int64_t{0}),
               usage.value("rooms", std::int64_t{0}),
               usage.value("complete", true) ? "" : "; there is more than this report counts"
           ) +
           section(
               "Rooms with most messages:",
               usage.value("top_rooms", none),
               {{"ROOM", "room"},
                {"CATEGORY", "category"},
                {"MESSAGES", "messages", true},
                {"USERS", "users", true},
                {"LAST", "last_at"}}
           ) +
           section(
               "Users with most messages:",
               usage.value("top_users", none),
               {{"USER", "user"}, {"MESSAGES", "messages", true}, {"ROOMS", "rooms", true}}
           ) +
           section(
               "Rooms idle for longest:",
               usage.value("idle_rooms", none),
               {{"ROOM", "room"}, {"CATEGORY", "category"}, {"LAST", "last_at"}}
           ) +
           section(
               "By day:",
               busy_days(usage.value("days", none)),
               {{"DAY", "day"},
                {"MESSAGES", "messages", true},
                {"USERS", "users", true},
                {"ROOMS", "rooms", true}}
           );
}

Result<void> run_usage(Context& ctx, const Usage& opt) {
    if (auto good = check_report(opt.report); !good)
        return good;
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("reports") + "/usage"};
    for (const auto& [name, value] : {std::pair{"since", &opt.since}, {"until", &opt.until}})
        if (!value->empty())
            call.query.emplace_back(name, *value);
    if (opt.top)
        call.query.emplace_back("top", std::to_string(*opt.top));
    const Result<Json> usage = (*client)->call(call);
    if (!usage)
        return pass(usage.error());
    if (!opt.report.empty()) {
        if (auto written = write_usage(opt.report, *usage); !written)
            return written;
        ctx.note(fmt::format("the report is in {}", opt.report));
    }
    print_document(ctx, *usage, usage_text(*usage));
    return {};
}

std::string sessions_text(const Json& found) {
    const Json none = Json::array();
    return fmt::format(
               "{}: {} sessions of {} users, in {} rooms altogether\n",
               found.value("server", ""),
               found.value("sessions", std::int64_t{0}),
               found.value("users", std::int64_t{0}),
               found.value("joined_rooms", std::int64_t{0})
           ) +
           section(
               "Servers of the pool:",
               found.value("servers", none),
               {{"SERVER", "server"},
                {"STATE", "state"},
                {"LOST", "lost"},
                {"STOPPED", "stopped"},
                {"SESSIONS", "sessions", true},
                {"HEARTBEAT", "heartbeat_at"}}
           ) +
           section(
               "Users with most sessions:",
               found.value("top_users", none),
               {{"USER", "user"}, {"SESSIONS", "sessions", true}}
           ) +
           section(
               "Addresses with most sessions:",
               found.value("top_addresses", none),
               {{"ADDRESS", "address"}, {"SESSIONS", "sessions", true}}
           );
}

Result<void> run_sessions(Context& ctx, const Sessions& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("reports") + "/sessions"};
    if (opt.top)
        call.query.emplace_back("top", std::to_string(*opt.top));
    const Result<Json> found = (*client)->call(call);
    if (!found)
        return pass(found.error());
    print_document(ctx, *found, sessions_text(*found));
    return {};
}

Run bind_usage(Args& args) {
    auto opt = std::make_shared<Usage>();
    args.time("since", opt->since, "from then on; default: 30 days ago");
    args.time("until", opt->until, "up to then; default: now");
    args.number("top", opt->top, "COUNT", "length of each list, up to 1000; default: 10");
    args.option("report", opt->report, "FILE", "write it to this file too, .html or .json").kind =
        ValueKind::file;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_usage(ctx, *opt); };
}

Run bind_sessions(Args& args) {
    auto opt = std::make_shared<Sessions>();
    args.number("top", opt->top, "COUNT", "length of each list, up to 1000; default: 10");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_sessions(ctx, *opt); };
}

}  // namespace

std::vector<Command> report_commands() {
    return {
        {.path = "report usage",
         .summary = "Tell how much is said in which rooms and by whom",
         .help = {},
         .bind = bind_usage,
         .formats = {"table", "json", "yaml"}},
        {.path = "report sessions",
         .summary = "Tell how many are connected to which server",
         .help = {},
         .bind = bind_sessions,
         .formats = {"table", "json", "yaml"}},
    };
}

}  // namespace pchat::cli

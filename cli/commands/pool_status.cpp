// SPDX-License-Identifier: Apache-2.0
// `pool status`.
#include "base/time_text.h"
#include "cli/client/pool_path.h"
#include "cli/client/server_choice.h"
#include "cli/client/stop_signals.h"
#include "cli/commands/rows.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds between_looks = 2s;

struct Options {
    ServerFlags server;
    std::string pool;
    bool watch = false;
};

/// "2h 05m"; nothing when a time is missing.
std::string span_text(const Json& from, const Json& to) {
    if (!from.is_string() || !to.is_string())
        return {};
    const auto begin = parse_time(from.get<std::string>());
    const auto end = parse_time(to.get<std::string>());
    if (!begin || !end)
        return {};
    const std::int64_t seconds = std::max<std::int64_t>((*end - *begin) / 1'000'000, 0);
    if (seconds < 60)
        return fmt::format("{}s", seconds);
    if (seconds < 3'600)
        return fmt::format("{}m {:02}s", seconds / 60, seconds % 60);
    if (seconds < 86'400)
        return fmt::format("{}h {:02}m", seconds / 3'600, seconds / 60 % 60);
    return fmt::format("{}d {:02}h", seconds / 86'400, seconds / 3'600 % 24);
}

std::int64_t number_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// A server as a line of the table: what it does not tell stays empty.
Json line_of(const Json& server, const Json& now) {
    const bool lives = server.value("lives", false);
    const std::string state = server.value("state", "");
    Json out{{"server", server.value("server", "")}, {"role", server.value("role", "")}};
    out["state"] = lives                            ? state
                   : server.value("stopped", false) ? state + ", stopped"
                                                    : state + ", lost";
    out["users"] = number_of(server, "users");
    if (server.contains("rooms")) {
        out["rooms"] = number_of(server, "rooms");
        out["messages"] = fmt::format(
            "{:.1f}", static_cast<double>(number_of(server, "messages_per_minute")) / 60
        );
        out["commit"] =
            fmt::format("{:.1f}ms", static_cast<double>(number_of(server, "commit_p99_us")) / 1000);
        const std::int64_t lost = number_of(server, "bus_lost");
        out["bus"] =
            server.value("bus", "") + (lost > 0 ? fmt::format(", {} lost", lost) : std::string{});
    }
    if (server.contains("follows"))
        out["follows"] = server.value("follows", false) ? "yes" : "no";
    out["seen"] = span_text(server.value("heartbeat_at", Json{}), now);
    out["up"] = lives ? span_text(server.value("started_at", Json{}), now) : std::string{};
    out["stays"] = span_text(now, server.value("drain_until", Json{}));
    out["version"] = server.value("version", "");
    return out;
}

std::string status_text(const Json& pool) {
    const Json& now = pool.value("at", Json{});
    Json lines = Json::array();
    bool drains = false;
    bool planned = false;
    std::size_t takers = 0;
    for (const Json& server : pool.value("servers", Json::array())) {
        takers += server.value("state", "") == "active" && server.value("lives", false) ? 1U : 0U;
        drains = drains || server.contains("drain_until");
        planned = planned || server.contains("role");
        lines.push_back(line_of(server, now));
    }
    std::vector<Column> columns{{"SERVER", "server"}};
    if (planned)
        columns.push_back({"PLANNED", "role"});
    columns.insert(
        columns.end(),
        {{"STATE", "state"},
         {"USERS", "users", true},
         {"ROOMS", "rooms", true},
         {"MSG/S", "messages", true},
         {"COMMIT-P99", "commit", true},
         {"BUS", "bus"},
         {"FOLLOWS", "follows"},
         {"SEEN", "seen", true},
         {"UP", "up", true}}
    );
    if (drains)
        columns.push_back({"ENDS-IN", "stays", true});
    columns.push_back({"VERSION", "version"});
    const std::int64_t plan = number_of(pool, "planned");
    return fmt::format(
               "pool {}: {} users{}, {} of {} servers take users\n",
               pool.value("pool", ""),
               number_of(pool, "users"),
               plan > 0 ? fmt::format(" of {}", plan) : std::string{},
               takers,
               lines.size()
           ) +
           render_table(lines, columns);
}

/// One look after the other on the same place of the terminal, or one after the other.
class Screen {
public:
    explicit Screen(Context& ctx) : ctx_(ctx) {}

    void show(const Json& pool) {
        if (ctx_.global.output == "json") {
            ctx_.out << pool.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
        } else if (ctx_.global.output == "yaml") {
            ctx_.out << "---\n" << to_yaml(pool);
        } else {
            const std::string text = status_text(pool);
            if (ctx_.terminal.out_is_tty && lines_ > 0)
                ctx_.out << fmt::format("\x1b[{}A\x1b[J", lines_);
            ctx_.out << text;
            lines_ = std::count(text.begin(), text.end(), '\n');
        }
        ctx_.out << std::flush;
    }
    /// A line that stays where it is.
    void say(const std::string& line) {
        ctx_.note(line);
        lines_ = 0;
    }

private:
    Context& ctx_;
    std::ptrdiff_t lines_ = 0;  // of what stands there
};

/// Until Ctrl-C. A server that is away may come back.
Result<void> watch(Context& ctx, ApiClient& client, const std::string& path, int stop) {
    Screen screen{ctx};
    bool away = false;
    while (ctx.out) {
        const Result<Json> pool = client.call({.path = path});
        if (pool) {
            away = false;
            screen.show(*pool);
        } else {
            const Errc why = pool.error().code;
            if (why != Errc::unreachable && why != Errc::timeout)
                return pass(pool.error());
            if (!std::exchange(away, true))
                screen.say(fmt::format("{}; asking again", pool.error().message));
        }
        pollfd wanted{stop, POLLIN, 0};
        if (::poll(&wanted, 1, static_cast<int>(between_looks.count())) > 0)
            return fail_silently(Errc::interrupted);
    }
    return {};
}

Result<void> run(Context& ctx, const Options& opt) {
    Result<ServerChoice> choice = choose_server(ctx, opt.server);
    if (!choice)
        return pass(std::move(choice).error());
    std::unique_ptr<StopSignals> signals;
    if (opt.watch) {
        signals = std::make_unique<StopSignals>();
        choice->endpoint.stop = signals->descriptor();
    }
    ApiClient client{make_transport(ctx, choice->endpoint), std::move(choice->token)};
    const Result<std::string> path = pool_path(client, opt.pool);
    if (!path)
        return pass(path.error());
    if (opt.watch) {
        Result<void> done = watch(ctx, client, *path, choice->endpoint.stop);
        return !done && done.error().code == Errc::interrupted ? fail_silently(Errc::interrupted)
                                                               : done;
    }
    const Result<Json> pool = client.call({.path = *path});
    if (!pool)
        return pass(pool.error());
    print_document(ctx, *pool, status_text(*pool));
    return {};
}

Run bind_status(Args& args) {
    auto opt = std::make_shared<Options>();
    args.flag("watch", opt->watch, "look again every two seconds, until Ctrl-C");
    args.option("pool", opt->pool, "FQDN", "the pool; default: that of the server");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> pool_status_commands() {
    return {{
        .path = "pool status",
        .summary = "Show the servers of a pool, and how they do",
        .help = {},
        .bind = bind_status,
        .formats = {"table", "json", "yaml"},
    }};
}

}  // namespace pchat::cli

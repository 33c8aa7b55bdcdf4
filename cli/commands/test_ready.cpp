// SPDX-License-Identifier: Apache-2.0
// `test ready`.
#include "cli/client/http_client.h"
#include "cli/client/server_choice.h"
#include "cli/client/stop_signals.h"
#include "cli/commands/rows.h"
#include "cli/time_span.h"
#include "cli/ui/output.h"
#include "server/app/ip_address.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace pchat::cli {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks = 300ms;

struct Options {
    ServerFlags server;
    std::string address;
    std::string within = "60s";
    bool standby = false;
};

std::string state_text(const Json& state) {
    return fmt::format(
        "{}, database {}, bus {}",
        state.value("state", ""),
        state.value("database", ""),
        state.value("bus", "")
    );
}

/// Works as it should, and takes no users because administrators want it so.
bool is_spare(const Json& state) {
    const std::string wanted = state.value("state", "");
    return (wanted == "standby" || wanted == "draining") && state.value("database", "") == "ok" &&
           !state.value("draining", true) && !state.value("fenced", true);
}

/// What /readyz says when users may come; otherwise why they may not.
Result<Json> look(Context& ctx, const Endpoint& endpoint, const Options& opt) {
    const Result<HttpReply> reply =
        make_transport(ctx, endpoint)
            ->send({.method = "GET", .target = "/readyz", .headers = {}, .body = {}});
    if (!reply)
        return pass(reply.error());
    Json state = Json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
    if (!state.is_object() || !state.contains("ready"))
        return fail(
            Errc::unreachable,
            fmt::format("{} does not answer as pchatd does", endpoint.text()),
            "is another program listening at this address?"
        );
    if (reply->status != 200 && !(opt.standby && is_spare(state)))
        return fail(
            Errc::unreachable,
            fmt::format("{} takes no users: {}", endpoint.text(), state_text(state)),
            opt.standby ? "" : "--standby when that is what it shall do"
        );
    return state;
}

/// A server that is away, or not ready, may become so; what is wrong here stays wrong.
bool may_change(const Error& error) {
    return error.code == Errc::unreachable || error.code == Errc::timeout;
}

Result<Json> wait_until_ready(
    Context& ctx, Endpoint endpoint, const Options& opt, std::chrono::seconds within
) {
    const Clock::time_point end = Clock::now() + within;
    const std::chrono::milliseconds patience = endpoint.timeout;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        endpoint.timeout = std::clamp(left, std::chrono::milliseconds{1s}, patience);
        Result<Json> state = look(ctx, endpoint, opt);
        if (state || !may_change(state.error()))
            return state;
        if (Clock::now() + between_looks >= end)
            return fail(
                Errc::timeout,
                fmt::format("not ready within {}: {}", opt.within, state.error().message),
                state.error().hint
            );
        pollfd stop{endpoint.stop, POLLIN, 0};
        if (::poll(&stop, 1, static_cast<int>(between_looks.count())) > 0)
            return fail_silently(Errc::interrupted);
    }
}

Result<void> run(Context& ctx, const Options& opt) {
    const auto within = time_span(opt.within);
    if (!within)
        return fail(
            Errc::usage,
            fmt::format("--within '{}' is no time", opt.within),
            "for example 90s or 5m; 0s looks once"
        );
    if (!opt.address.empty() && !app::parse_ip(opt.address))
        return fail(
            Errc::usage,
            fmt::format("--connect-to '{}' is no address", opt.address),
            "for example 127.0.0.1 or ::1; the port is that of --server"
        );
    Result<ServerChoice> choice = choose_server(ctx, opt.server);
    if (!choice)
        return pass(std::move(choice).error());
    choice->endpoint.address = opt.address;
    const StopSignals signals;
    choice->endpoint.stop = signals.descriptor();
    const Result<Json> state =
        wait_until_ready(ctx, choice->endpoint, opt, std::chrono::seconds{*within});
    if (!state)
        return pass(state.error());
    print_document(
        ctx, *state, fmt::format("{} is ready: {}\n", choice->endpoint.text(), state_text(*state))
    );
    return {};
}

Run bind_ready(Args& args) {
    auto opt = std::make_shared<Options>();
    args.option("within", opt->within, "TIME", "how long it may take: 90s, 5m; 0s: look once")
        .default_text = opt->within;
    args.option(
        "connect-to", opt->address, "ADDRESS", "ask there, whatever the server's name leads to"
    );
    args.flag("standby", opt->standby, "a server on standby, or draining, is good, too");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> test_ready_commands() {
    return {{
        .path = "test ready",
        .summary = "Wait until a server is ready for users",
        .help = {},
        .bind = bind_ready,
        .formats = {"table", "json", "yaml"},
    }};
}

}  // namespace pchat::cli

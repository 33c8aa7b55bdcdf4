// SPDX-License-Identifier: Apache-2.0
// `message tail`.
#include "base/unicode.h"
#include "cli/client/pool_way.h"
#include "cli/client/server_choice.h"
#include "cli/client/stop_signals.h"
#include "cli/commands/rows.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

// A machine that is lost does not say so: what says nothing for this long is asked, and has to
// answer.
constexpr std::chrono::milliseconds quiet = 10s;
constexpr std::chrono::milliseconds answers = 5s;

struct Tail {
    ServerFlags server;
    std::vector<std::string> rooms;
    std::optional<std::int64_t> history;
    std::optional<std::int64_t> limit;
};

/// How far a room was shown.
struct Progress {
    std::string name;
    std::int64_t seq = 0;
    std::int64_t rev = 0;
};

/// One `message tail` over as many connections, and servers of the pool, as it takes.
class Follower {
public:
    Follower(Context& ctx, const Tail& opt, ServerChoice choice)
        : ctx_(ctx), opt_(opt), stop_(choice.endpoint.stop),
          way_(std::move(choice.endpoint), std::move(choice.token)), limit_(opt.limit.value_or(0)) {
    }

    /// Until it is stopped, or has shown as many as were wanted.
    Result<void> run();

private:
    Result<void> follow();  // over one connection
    Result<void> join(WebSocketClient& session, const std::string& room);
    Result<void> catch_up(WebSocketClient& session, const std::string& id);
    Result<void> take(const Json& event);
    void show(const std::string& id, const Json& message);
    [[nodiscard]] bool enough() const { return !ctx_.out || (limit_ > 0 && shown_ >= limit_); }

    Context& ctx_;
    const Tail& opt_;
    int stop_;
    PoolWay way_;
    std::int64_t limit_;
    std::int64_t shown_ = 0;
    bool connected_ = false;                  // at least once
    std::map<std::string, Progress> rooms_;   // by id
    std::map<std::string, std::string> ids_;  // by the name as it was given
};

void Follower::show(const std::string& id, const Json& message) {
    Progress& room = rooms_[id];
    const std::int64_t seq = message.value("seq", std::int64_t{0});
    if (seq <= room.seq || enough())
        return;
    room.seq = seq;
    ++shown_;
    if (ctx_.global.output == "json") {
        Json line{{"room", id}, {"room_name", room.name}};
        line.update(message);
        ctx_.out << line.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n' << std::flush;
        return;
    }
    ctx_.out << fmt::format(
                    "{}  {}{}{}: {}\n",
                    message.value("at", ""),
                    opt_.rooms.size() > 1 ? printable(room.name) + "  " : "",
                    printable(message.value("from", "")),
                    message.value("kind", "text") == "alert" ? " (alert)" : "",
                    message.value("change", "") == "removed" ? "(removed)"
                                                             : printable(message.value("body", ""))
                )
             << std::flush;
}

/// The server hands over so many at a time.
Result<void> Follower::catch_up(WebSocketClient& session, const std::string& id) {
    for (bool more = true; more && !enough();) {
        const Result<Json> page = session.ask(
            {{"type", "history"}, {"room", id}, {"after", rooms_[id].seq}, {"limit", 500}}
        );
        if (!page)
            return pass(page.error());
        for (const Json& message : page->value("messages", Json::array()))
            show(id, message);
        more = page->value("more", false);
    }
    return {};
}

Result<void> Follower::join(WebSocketClient& session, const std::string& room) {
    Json request{{"type", "join"}, {"room", room}};
    const auto known = ids_.find(room);
    if (known != ids_.end()) {
        request["since"] = rooms_[known->second].seq;
        request["since_rev"] = rooms_[known->second].rev;
    } else {
        request["history"] = opt_.history.value_or(10);
    }
    const Result<Json> joined = session.ask(std::move(request));
    if (!joined)
        return pass(joined.error());
    const Json facts = joined->value("room", Json::object());
    const std::string id = facts.value("id", "");
    Progress& progress = rooms_[id];
    progress.name = facts.value("name", room);
    progress.rev = joined->value("rev", std::int64_t{0});
    if (joined->value("gap", false))
        ctx_.note(fmt::format("room/{}: some messages are gone", progress.name));
    for (const Json& message : joined->value("messages", Json::array()))
        show(id, message);
    const bool resumed = known != ids_.end();
    ids_[room] = id;
    if (resumed && joined->value("more", false))
        return catch_up(session, id);
    progress.seq = std::max(progress.seq, joined->value("head", std::int64_t{0}));
    return {};
}

Result<void> Follower::take(const Json& event) {
    const std::string type = event.value("type", "");
    const std::string id = event.value("room", "");
    if (way_.take(event))
        return fail(
            Errc::unreachable, fmt::format("{} asks its users to leave", way_.here().url.text())
        );
    if (type == "msg") {
        Json message = event;
        message.erase("type");
        message.erase("room");
        show(id, message);
    } else if (type == "removed" || type == "cleared") {
        rooms_[id].rev = event.value("rev", rooms_[id].rev);
    } else if (type == "gone") {
        return fail(
            Errc::denied,
            fmt::format(
                "room '{}' is closed to you: {}", rooms_[id].name, event.value("reason", "access")
            )
        );
    }
    return {};
}

Result<void> Follower::follow() {
    const auto session = way_.connect();
    if (!session)
        return pass(session.error());
    for (const std::string& room : opt_.rooms)
        if (Result<void> joined = join(**session, room); !joined)
            return joined;
    if (std::exchange(connected_, true))
        ctx_.note(fmt::format("connected again, to {}", way_.here().url.text()));
    while (!enough()) {
        const auto event = (*session)->next_event(quiet);
        if (!event)
            return pass(event.error());
        if (*event) {
            if (Result<void> taken = take(**event); !taken)
                return taken;
        } else if (const Result<Json> alive = (*session)->ask({{"type", "ping"}}, answers);
                   !alive) {
            if (alive.error().code != Errc::timeout)
                return pass(alive.error());
            return fail(
                Errc::unreachable, fmt::format("{} says nothing any more", way_.here().url.text())
            );
        }
    }
    return {};
}

Result<void> Follower::run() {
    for (;;) {
        const Result<void> done = follow();
        if (done)
            return {};
        const Errc why = done.error().code;
        const bool passing =
            why == Errc::unreachable || why == Errc::timeout || why == Errc::too_many;
        if (!connected_ || !passing)
            return pass(done.error());
        ctx_.note(fmt::format("{}; connecting again", done.error().message));
        pollfd stop{stop_, POLLIN, 0};
        if (::poll(&stop, 1, static_cast<int>(way_.pause().count())) > 0)
            return fail_silently(Errc::interrupted);
    }
}

Result<void> run(Context& ctx, const Tail& opt) {
    Result<ServerChoice> choice = choose_server(ctx, opt.server);
    if (!choice)
        return pass(std::move(choice).error());
    if (choice->token.empty())
        return fail(Errc::signed_out, "nobody is signed in", "pchatctl login, or --token-file");
    const StopSignals signals;
    choice->endpoint.stop = signals.descriptor();
    Follower follower{ctx, opt, std::move(*choice)};
    Result<void> done = follower.run();
    if (!done && done.error().code == Errc::interrupted)
        return fail_silently(Errc::interrupted);
    return done;
}

Run bind_tail(Args& args) {
    auto opt = std::make_shared<Tail>();
    args.positional_list("room", opt->rooms, "the rooms' names or ids").required = true;
    args.number("last", opt->history, "COUNT", "show so many that were said before").default_text =
        "10";
    args.count("limit", opt->limit, "end after so many messages");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> message_tail_commands() {
    return {{
        .path = "message tail",
        .summary = "Show messages of rooms as they are said",
        .help = {},
        .bind = bind_tail,
        .formats = {"table", "json"},
    }};
}

}  // namespace pchat::cli

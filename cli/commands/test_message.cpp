// SPDX-License-Identifier: Apache-2.0
// `test message`.
#include "base/clock.h"
#include "base/uuid.h"
#include "cli/client/pool_way.h"
#include "cli/client/server_choice.h"
#include "cli/client/stop_signals.h"
#include "cli/client/web_socket_client.h"
#include "cli/commands/rows.h"
#include "cli/local_server/secret_file.h"
#include "cli/resource/field_values.h"
#include "cli/ui/output.h"
#include "cli/write_report.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

struct TestMessage {
    ServerFlags server;
    std::vector<std::string> users;
    std::vector<std::string> password_files;
    std::string room;
    std::string report;
};

struct Person {
    std::string user;
    Secret password;
    Secret token;
    std::unique_ptr<WebSocketClient> session;
};

/// The steps of one transaction with their times; the first that fails is the last.
class Transaction {
public:
    Transaction(Context& ctx, const TestMessage& opt, ServerChoice choice)
        : ctx_(ctx), opt_(opt), endpoint_(choice.endpoint),
          api_(make_transport(ctx, choice.endpoint), std::move(choice.token)) {}

    Result<void> run();
    [[nodiscard]] const Json& steps() const { return steps_; }

private:
    Result<void> step(const std::string& name, const std::function<Result<void>()>& work);
    Result<void> use_given();
    Result<void> make_temporary();
    void remove_temporary();
    Result<void> exchange();
    Result<void> sign_in(Person& person);
    Result<void> join(Person& person);
    Result<void> receive(std::int64_t seq);

    Context& ctx_;
    const TestMessage& opt_;
    Endpoint endpoint_;
    ApiClient api_;
    std::array<Person, 2> people_;  // the sender, the receiver
    std::string room_;
    std::vector<std::string> made_;  // paths to delete at the end, last first
    Json steps_ = Json::array();
};

Result<void> Transaction::step(const std::string& name, const std::function<Result<void>()>& work) {
    const Clock::time_point begin = Clock::now();
    Result<void> done = work();
    const std::chrono::duration<double, std::milli> took = Clock::now() - begin;
    steps_.push_back(
        {{"step", name},
         {"ok", done.has_value()},
         {"ms", static_cast<double>(static_cast<std::int64_t>(took.count() * 1000)) / 1000},
         {"error", done ? Json(nullptr) : Json(done.error().message)}}
    );
    return done ? Result<void>{} : Result<void>{pass(std::move(done).error(), name)};
}

Result<void> Transaction::use_given() {
    for (std::size_t i = 0; i < people_.size(); ++i) {
        people_.at(i).user = opt_.users[i];
        Result<Secret> password = read_password(ctx_, opt_.password_files[i]);
        if (!password)
            return pass(std::move(password).error());
        people_.at(i).password = std::move(*password);
    }
    room_ = opt_.room;
    return {};
}

/// Two users and a room for them alone, by whoever may make them.
Result<void> Transaction::make_temporary() {
    const std::string id = make_uuid(SystemClock{}.now()).substr(24);
    Json members = Json::array();
    for (std::size_t i = 0; i < people_.size(); ++i) {
        Person& person = people_.at(i);
        person.user = fmt::format("sip:probe-{}-{}@localhost.example", id, i + 1);
        Result<Secret> password = random_secret();
        if (!password)
            return pass(std::move(password).error());
        person.password = std::move(*password);
        const Result<Json> made = api_.call(
            {.method = "POST",
             .path = api_path("users"),
             .body =
                 {{"user", person.user},
                  {"display", "Probe"},
                  {"password", person.password.reveal()}}}
        );
        if (!made)
            return pass(made.error());
        made_.push_back(api_path("users", {person.user}));
        members.push_back(person.user);
    }
    room_ = opt_.room.empty() ? "Probe " + id : opt_.room;
    Json body{{"name", room_}, {"privacy", "closed"}, {"members", members}};
    ApiCall call{.method = "POST", .path = api_path("rooms"), .body = std::move(body)};
    if (!opt_.room.empty())
        call = {
            .method = "PATCH",
            .path = api_path("rooms", {room_}),
            .body = {{"add_members", members}}};
    const Result<Json> made = api_.call(call);
    if (!made)
        return pass(made.error());
    if (opt_.room.empty())
        made_.push_back(api_path("rooms", {room_}));
    return {};
}

void Transaction::remove_temporary() {
    for (auto path = made_.rbegin(); path != made_.rend(); ++path)
        if (const auto gone = api_.call({.method = "DELETE", .path = *path, .repeatable = true});
            !gone)
            ctx_.note(fmt::format("{} was left behind: {}", *path, gone.error().message));
}

Result<void> Transaction::sign_in(Person& person) {
    ApiClient client{make_transport(ctx_, endpoint_), Secret{}};
    const Result<Json> signed_in = client.call(
        {.method = "POST",
         .path = api_path("sessions"),
         .body = {{"user", person.user}, {"password", person.password.reveal()}}}
    );
    if (!signed_in)
        return pass(signed_in.error());
    person.token = Secret{signed_in->value("token", "")};
    return {};
}

Result<void> Transaction::join(Person& person) {
    PoolWay way{endpoint_, person.token.copy()};
    auto session = way.connect();
    if (!session)
        return pass(std::move(session).error());
    person.session = std::move(*session);
    const Result<Json> joined =
        person.session->ask({{"type", "join"}, {"room", room_}, {"history", 0}});
    return joined ? Result<void>{} : Result<void>{pass(joined.error())};
}

Result<void> Transaction::receive(std::int64_t seq) {
    const Clock::time_point deadline = Clock::now() + endpoint_.timeout;
    while (Clock::now() < deadline) {
        const auto event = people_[1].session->next_event(
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now())
        );
        if (!event)
            return pass(event.error());
        if (*event && (*event)->value("type", "") == "msg" &&
            (*event)->value("seq", std::int64_t{0}) == seq)
            return {};
    }
    return fail(
        Errc::timeout,
        fmt::format("message {} was stored, and did not reach {}", seq, people_[1].user)
    );
}

Result<void> Transaction::exchange() {
    for (std::size_t i = 0; i < people_.size(); ++i) {
        Person& person = people_.at(i);
        const char* who = i == 0 ? "sender" : "receiver";
        if (auto done = step(fmt::format("{} signs in", who), [&] { return sign_in(person); });
            !done)
            return done;
        if (auto done = step(fmt::format("{} joins", who), [&] { return join(person); }); !done)
            return done;
    }
    std::int64_t seq = 0;
    Result<void> sent = step("sender sends", [&]() -> Result<void> {
        const std::string key = make_uuid(SystemClock{}.now());
        const Result<Json> stored = people_[0].session->ask(
            {{"type", "send"}, {"room", room_}, {"key", key}, {"body", "test message " + key}}
        );
        if (!stored)
            return pass(stored.error());
        seq = stored->value("seq", std::int64_t{0});
        return {};
    });
    if (!sent)
        return sent;
    return step("receiver has it", [&] { return receive(seq); });
}

Result<void> Transaction::run() {
    const bool given = !opt_.users.empty();
    if (given) {
        if (Result<void> used = use_given(); !used)
            return used;
        return exchange();
    }
    Result<void> done = step("make users and room", [&] { return make_temporary(); });
    if (done)
        done = exchange();
    remove_temporary();
    return done;
}

Result<void> check(const TestMessage& opt) {
    const bool fits = opt.users.size() == opt.password_files.size() &&
                      (opt.users.empty() || opt.users.size() == 2);
    if (!fits)
        return fail(
            Errc::usage,
            "--user and --password-file are given twice each, or not at all",
            "without them an administrator makes two users for the time of the test"
        );
    if (!opt.users.empty() && opt.room.empty())
        return fail(Errc::usage, "--room is missing: the room that both users may post in");
    return {};
}

Result<void> run(Context& ctx, const TestMessage& opt) {
    if (Result<void> good = check(opt); !good)
        return good;
    Result<ServerChoice> choice = choose_server(ctx, opt.server);
    if (!choice)
        return pass(std::move(choice).error());
    const std::string url = choice->endpoint.url.text();
    if (ctx.global.dry_run) {
        ctx.note(fmt::format("would send one message through {}", url));
        return {};
    }
    if (opt.users.empty() && choice->token.empty())
        return fail(
            Errc::signed_out,
            "nobody is signed in who could make users for the test",
            "pchatctl login, or name two users: --user, --password-file, --room"
        );
    const StopSignals signals;
    choice->endpoint.stop = signals.descriptor();
    Transaction transaction{ctx, opt, std::move(*choice)};
    Result<void> done = transaction.run();
    if (!opt.report.empty())
        if (auto written = write_report(
                opt.report, fmt::format("Test message through {}", url), transaction.steps()
            );
            !written)
            return written;
    print_list(
        ctx,
        "step",
        transaction.steps(),
        {{"STEP", "step"}, {"OK", "ok"}, {"MS", "ms", true}, {"ERROR", "error"}}
    );
    // The rows are the one document.
    if (!done && ctx.global.output != "table") {
        ctx.note(done.error().message);
        return fail_silently(done.error().code);
    }
    return done;
}

Run bind_test(Args& args) {
    auto opt = std::make_shared<TestMessage>();
    args.option_list("user", opt->users, "SIP", "who sends, and given again, who receives");
    args.option_list("password-file", opt->password_files, "FILE", "the password of each user")
        .kind = ValueKind::file;
    args.option("room", opt->room, "ROOM", "the room to use; default: one made for the test");
    args.option("report", opt->report, "FILE", "write the result there, too: .html or .json").kind =
        ValueKind::file;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> test_message_commands() {
    return {{
        .path = "test message",
        .summary = "Send a message from one user to another and measure each step",
        .help = {},
        .bind = bind_test,
        .formats = {"table", "json", "yaml"},
        .changes = true,
    }};
}

}  // namespace pchat::cli

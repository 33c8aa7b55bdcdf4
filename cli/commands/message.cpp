// SPDX-License-Identifier: Apache-2.0
// `message send`, `list`, `search`, `remove`, `replace`.
#include "base/clock.h"
#include "base/uuid.h"
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t largest_page = 500;

void room_argument(Args& args, std::string& into) {
    args.positional("room", into, "the room's name or id").required = true;
}

/// A table says where something was; documents keep what the server says.
Json shown(const Context& ctx, Json messages) {
    if (ctx.global.output == "table")
        for (Json& message : messages)
            if (message.value("change", "") == "removed")
                message["body"] = "(removed)";
    return messages;
}

std::vector<Column> columns() {
    return {
        {"SEQ", "seq", true}, {"AT", "at"}, {"FROM", "from"}, {"KIND", "kind"}, {"TEXT", "body"}};
}

// ---- send

struct Send {
    ServerFlags server;
    std::string room;
    std::string text;
    std::string kind = "text";
    std::string format = "text";
    std::string key;
    std::optional<std::string> subject;
};

Result<std::string> text_to_send(Context& ctx, const std::string& text) {
    if (text != "-")
        return text;
    if (ctx.terminal.in_is_tty)
        return fail(
            Errc::usage, "standard input is a terminal", "pchatctl message send ROOM - < FILE"
        );
    std::string out{std::istreambuf_iterator<char>{ctx.in}, {}};
    while (!out.empty() && out.back() == '\n')
        out.pop_back();
    return out;
}

Result<void> run(Context& ctx, const Send& opt) {
    const Result<std::string> text = text_to_send(ctx, opt.text);
    if (!text)
        return pass(text.error());
    if (text->empty())
        return fail(
            Errc::usage,
            fmt::format("the message to room '{}' is empty", opt.room),
            "give its text, or - to read it from standard input"
        );
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    if (ctx.global.dry_run) {
        const Result<Json> room = (*client)->call({.path = api_path("rooms", {opt.room})});
        if (!room)
            return pass(room.error());
        ctx.out << fmt::format("would be sent to room/{}\n", room->value("name", opt.room));
        return {};
    }
    // With a key of our own, sending again after a lost answer makes no second message.
    Json body{
        {"key", opt.key.empty() ? make_uuid(SystemClock{}.now()) : opt.key},
        {"body", *text},
        {"kind", opt.kind}};
    if (opt.subject)
        body["subject"] = *opt.subject;
    if (opt.format != "text")
        body["format"] = opt.format;
    const Result<Json> sent = (*client)->call(
        {.method = "POST",
         .path = api_path("rooms", {opt.room}) + "/messages",
         .body = std::move(body),
         .repeatable = true}
    );
    if (!sent)
        return pass(sent.error());
    const std::string name = fmt::format("{}/{}", opt.room, sent->value("seq", std::int64_t{0}));
    if (ctx.global.output == "name")
        ctx.out << "message/" << name << '\n';
    else
        print_document(ctx, *sent, fmt::format("message/{} sent\n", name));
    return {};
}

Run bind_send(Args& args) {
    auto opt = std::make_shared<Send>();
    room_argument(args, opt->room);
    args.positional("text", opt->text, "what to say; - reads standard input").required = true;
    args.choice("kind", opt->kind, {"text", "alert", "story"}, "what it is").default_text = "text";
    args.option("subject", opt->subject, "TEXT", "headline of a story");
    args.choice("format", opt->format, {"text", "rtf"}, "how the text is written").default_text =
        "text";
    args.option("key", opt->key, "KEY", "the same key twice makes one message; default: a new one");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

// ---- list

struct List {
    ServerFlags server;
    std::string room;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> before;
    std::optional<std::int64_t> after;
};

/// Pages backwards from the newest, or forwards from `after`, in the order in which they were said.
Result<Json> fetch(ApiClient& client, const List& opt) {
    std::int64_t left = opt.limit.value_or(30);
    std::optional<std::int64_t> before = opt.before;
    std::optional<std::int64_t> after = opt.after;
    Json all = Json::array();
    while (left > 0) {
        ApiCall call{.path = api_path("rooms", {opt.room}) + "/messages"};
        call.query.emplace_back("limit", std::to_string(std::min(left, largest_page)));
        if (after)
            call.query.emplace_back("after", std::to_string(*after));
        else if (before)
            call.query.emplace_back("before", std::to_string(*before));
        const Result<Json> page = client.call(call);
        if (!page)
            return page;
        const Json messages = page->value("messages", Json::array());
        if (messages.empty())
            break;
        all.insert(after ? all.end() : all.begin(), messages.begin(), messages.end());
        left -= static_cast<std::int64_t>(messages.size());
        if (!page->value("more", false))
            break;
        if (after)
            after = messages.back().value("seq", std::int64_t{0});
        else
            before = messages.front().value("seq", std::int64_t{0});
    }
    return all;
}

Result<void> run(Context& ctx, const List& opt) {
    if (opt.before && opt.after)
        return fail(Errc::usage, "--before and --after exclude each other");
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> messages = fetch(**client, opt);
    if (!messages)
        return pass(messages.error());
    print_list(ctx, "message", shown(ctx, *messages), columns());
    return {};
}

Run bind_list(Args& args) {
    auto opt = std::make_shared<List>();
    room_argument(args, opt->room);
    args.count("limit", opt->limit, "show so many at most").default_text = "30";
    args.number("before-seq", opt->before, "SEQ", "those before this message");
    args.number("after-seq", opt->after, "SEQ", "those after this message");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

// ---- search

struct Search {
    ServerFlags server;
    std::string text;
    std::vector<std::string> rooms;
    std::string from;
    std::string since;
    std::string until;
    std::string match = "all";
    bool case_sensitive = false;
    bool everywhere = false;
    std::optional<std::int64_t> limit;
};

Result<void> run(Context& ctx, const Search& opt) {
    if (opt.text.empty())
        return fail(Errc::usage, "there is nothing to search for", "give words: \"rate cut\"");
    if (opt.limit && *opt.limit < 1)
        return fail(Errc::usage, "--limit takes 1 or more");
    ApiCall call{.path = api_path("search"), .query = {{"text", opt.text}, {"match", opt.match}}};
    for (const auto& [name, value] :
         {std::pair{"from_time", &opt.since}, {"to_time", &opt.until}}) {
        if (!value->empty())
            call.query.emplace_back(name, *value);
    }
    for (const std::string& room : opt.rooms)
        call.query.emplace_back("room", room);
    if (!opt.from.empty())
        call.query.emplace_back("from", opt.from);
    if (opt.case_sensitive)
        call.query.emplace_back("case", "true");
    if (opt.everywhere)
        call.query.emplace_back("everywhere", "true");
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> found = (*client)->list(call, "messages", opt.limit.value_or(100));
    if (!found)
        return pass(found.error());
    std::vector<Column> with_room = columns();
    with_room.insert(with_room.begin(), {"ROOM", "room_name"});
    print_list(ctx, "message", *found, with_room);
    return {};
}

Run bind_search(Args& args) {
    auto opt = std::make_shared<Search>();
    args.positional("text", opt->text, "the words to look for").required = true;
    args.option_list("room", opt->rooms, "ROOM", "only in this room");
    args.option("from", opt->from, "SIP", "only what this user said");
    args.time("since", opt->since, "only what was said since then");
    args.time("until", opt->until, "only what was said until then");
    args.choice("match", opt->match, {"all", "any", "exact"}, "which of the words must be there")
        .default_text = "all";
    args.flag("case-sensitive", opt->case_sensitive, "tell capital letters from small ones");
    args.flag("everywhere", opt->everywhere, "in every room, for compliance officers; audited");
    args.count("limit", opt->limit, "show so many at most").default_text = "100";
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

// ---- remove and replace

struct Edit {
    ServerFlags server;
    std::string room;
    std::optional<std::int64_t> seq;
    std::string text;
    bool replaces = false;
};

Result<void> run(Context& ctx, const Edit& opt) {
    const std::string name = fmt::format("{}/{}", opt.room, *opt.seq);
    const char* verb = opt.replaces ? "replaced" : "removed";
    if (!ctx.global.dry_run && !opt.replaces)
        if (auto agreed = confirm(ctx, fmt::format("Remove message {}?", name)); !agreed)
            return agreed;
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{
        .method = opt.replaces ? "PATCH" : "DELETE",
        .path = api_path("rooms", {opt.room}) + fmt::format("/messages/{}", *opt.seq),
        .repeatable = true};
    if (opt.replaces)
        call.body = {{"body", opt.text}};
    if (ctx.global.dry_run)
        call.query.emplace_back("dry_run", "true");
    const Result<Json> done = (*client)->call(call);
    if (!done)
        return pass(done.error());
    if (!done->value("changed", true)) {
        ctx.note(fmt::format("message/{}: no changes", name));
        print_document(ctx, *done, "");
        return {};
    }
    print_document(
        ctx,
        *done,
        fmt::format("message/{} {}{}\n", name, ctx.global.dry_run ? "would be " : "", verb)
    );
    return {};
}

Run bind_edit(Args& args, bool replaces) {
    auto opt = std::make_shared<Edit>();
    opt->replaces = replaces;
    room_argument(args, opt->room);
    args.number("seq", opt->seq, "SEQ", "the number of the message in its room").required = true;
    if (replaces)
        args.option("text", opt->text, "TEXT", "what stands there instead").required = true;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> message_commands() {
    const std::vector<std::string> formats{"table", "json", "yaml"};
    return {
        {.path = "message send",
         .summary = "Send a message to a room",
         .help = {},
         .bind = bind_send,
         .formats = {"table", "json", "yaml", "name"},
         .changes = true},
        {.path = "message list",
         .summary = "Show the last messages of a room",
         .help = {},
         .bind = bind_list,
         .formats = formats},
        {.path = "message search",
         .summary = "Find messages by their words",
         .help = {},
         .bind = bind_search,
         .formats = formats},
        {.path = "message remove",
         .summary = "Remove a message, its number stays",
         .help = {},
         .bind = [](Args& args) { return bind_edit(args, false); },
         .formats = formats,
         .changes = true},
        {.path = "message replace",
         .summary = "Put another text in the place of a message",
         .help = {},
         .bind = [](Args& args) { return bind_edit(args, true); },
         .formats = formats,
         .changes = true},
    };
}

}  // namespace pchat::cli

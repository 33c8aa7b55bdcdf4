// SPDX-License-Identifier: Apache-2.0
// Reading and sending messages without a WebSocket.
#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/api/hub.h"
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/service/message_admin.h"
#include "server/service/named_object.h"
#include "server/wire/http_body.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <charconv>
#include <future>

namespace pchat::api {
namespace {

constexpr int most_messages = 500;

Result<std::optional<std::int64_t>> sequence(const Call& call, std::string_view name) {
    const auto found = call.query.find(name);
    if (found == call.query.end())
        return std::optional<std::int64_t>{};
    std::int64_t out = 0;
    const std::string& text = found->second;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem != std::errc{} || end != text.data() + text.size() || out < 0)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("{} must be the number of a message, got '{}'", name, text)
        );
    return std::optional{out};
}

/// The name of the category that decides who comes in; empty where members do.
std::string deciding_category(const Call& call, RoomId id) {
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        const KnownRoom* room = state.room(id);
        if (room == nullptr || room->room.privacy != RoomPrivacy::open)
            return std::string{};
        const KnownCategory* category = state.category(room->room.category);
        return category == nullptr ? std::string{} : category->category.name;
    });
}

/// Administrators have no right to read or post by their role, but may add themselves. Without
/// chat by policy that would not help anybody.
std::string way_in(const Call& call, const Chat::Seen& room) {
    const bool administers = call.has(AdminRole::pchat_admin);
    const std::string& user = call.actor().name;
    if (!call.person.policy_enabled)
        return administers ? "chat is off for you: pchatctl policy set global "
                             "--enable-persistent-chat turns it on for all"
                           : "chat is off for you; an administrator can turn it on by policy";
    if (room.rights.has(Right::join))  // an auditorium, or nothing is kept there
        return administers ? fmt::format(
                                 "why: pchatctl access explain {} '{}'",
                                 user,
                                 printable(call.path.at("room"))
                             )
                           : "a manager of the room can change that";
    if (const std::string category = deciding_category(call, room.id); !category.empty())
        return administers
                   ? fmt::format(
                         "add yourself: pchatctl category set '{}' --add-allow {}",
                         printable(category),
                         user
                     )
                   : fmt::format("its category '{}' does not let you in", printable(category));
    if (administers || room.rights.has(Right::manage))
        return fmt::format(
            "add yourself: pchatctl room set '{}' --add-member {}",
            printable(call.path.at("room")),
            user
        );
    return "a manager of the room can add you";
}

tl::unexpected<Error> may_not(const Call& call, const Chat::Seen& room, std::string_view what) {
    const std::string& name = call.path.at("room");
    return fail_as(
        "not-allowed",
        Errc::denied,
        fmt::format("you may not {} room '{}'", what, printable(name)),
        way_in(call, room),
        "room"
    );
}

/// As the token may: its user may have roles that it has not, or rooms beyond its scope.
Result<Chat::Seen> see(const Call& call, const std::string& name) {
    Result<Chat::Seen> out = call.services.chat.see(call.person.id, name);
    if (!out)
        return out;
    out->rights = call.services.chat.directory().read([&](const DirectoryState& state) {
        const KnownRoom* room = state.room(out->id);
        return room == nullptr ? Rights{} : state.rights(call.person, *room);
    });
    if (!out->rights.has(Right::view))
        return room_not_found(name);
    return out;
}

Result<net::HttpResponse> read_history(Call& call) {
    Chat& chat = call.services.chat;
    const std::string& name = call.path.at("room");
    const Result<Chat::Seen> room = see(call, name);
    if (!room)
        return pass(room.error());
    if (!room->rights.has(Right::history))
        return may_not(call, *room, "read what was said in");
    const Result<int> limit = call.limit(100, most_messages);
    const auto before = sequence(call, "before");
    const auto after = sequence(call, "after");
    for (const Error* problem :
         {limit ? nullptr : &limit.error(),
          before ? nullptr : &before.error(),
          after ? nullptr : &after.error()})
        if (problem != nullptr)
            return pass(*problem);
    if (Result<void> seen = wait_for_record(chat, compliance_view, call.person.id, room->id); !seen)
        return pass(std::move(seen).error());
    Result<Chat::Page> page =
        *after ? chat.after(room->id, **after, *limit) : chat.before(room->id, *before, *limit);
    if (!page)
        return pass(std::move(page).error());
    std::string body = "{";
    chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter{body}
            .text("room", room->uuid)
            .list(
                "messages",
                page->messages,
                [&](std::string& out, const Message& message) {
                    out += '{';
                    out += message_text(state, message);
                    out += '}';
                }
            )
            .boolean("more", page->more);
        return 0;
    });
    return json_response(200, body + "}");
}

Result<net::HttpResponse> post_message(Call& call) {
    Chat& chat = call.services.chat;
    Result<wire::PostMessage> wanted = wire::read_post_message(
        call.request.body, {chat.facts().message_limit, chat.facts().story_limit, 1}
    );
    if (!wanted)
        return pass(std::move(wanted).error());
    const std::string& name = call.path.at("room");
    const Result<Chat::Seen> room = see(call, name);
    if (!room)
        return pass(room.error());
    if (!room->rights.has(Right::chat))
        return may_not(call, *room, "post in");
    if (Result<void> may = call.services.hub.may_send(call.person.id); !may)
        return pass(std::move(may).error());
    Chat::Draft draft;
    draft.sender = call.person.id;
    draft.room = room->id;
    draft.kind = domain_kind(wanted->content.kind);
    draft.format = domain_format(wanted->content.format);
    draft.subject = std::move(wanted->content.subject);
    draft.body = std::move(wanted->content.body);
    draft.key = std::move(wanted->key);
    draft.transit = room->transit;
    const auto done = std::make_shared<std::promise<Result<Posted>>>();
    std::future<Result<Posted>> outcome = done->get_future();
    Result<void> taken = chat.post(std::move(draft), [done](const Result<Posted>& posted) {
        done->set_value(posted);
    });
    if (!taken)
        return pass(std::move(taken).error());
    const Result<Posted> posted = outcome.get();  // the queue keeps to its deadline
    if (!posted)
        return pass(posted.error());
    std::string body = "{";
    wire::FieldWriter{body}
        .text("room", room->uuid)
        .number("seq", posted->seq)
        .time("at", posted->at);
    return json_response(posted->repeated ? 200 : 201, body + "}");
}

/// The number in the path.
Result<std::int64_t> message_number(const Call& call) {
    const std::string& text = call.path.at("seq");
    std::int64_t out = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem != std::errc{} || end != text.data() + text.size() || out < 1)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("messages have numbers from 1, not '{}'", printable(text)),
            {},
            "seq"
        );
    return out;
}

net::HttpResponse answer(const MessageChanged& changed) {
    std::string body = "{";
    wire::FieldWriter{body}
        .text("room", changed.room)
        .number("seq", changed.seq)
        .number("rev", changed.rev)
        .boolean("changed", changed.changed);
    return json_response(200, body + "}");
}

Result<net::HttpResponse> delete_message(Call& call) {
    const Result<std::int64_t> seq = message_number(call);
    if (!seq)
        return pass(seq.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<MessageChanged> removed =
        remove_message(call.services.changes, *asked, call.path.at("room"), *seq);
    if (!removed)
        return pass(removed.error());
    return answer(*removed);
}

Result<Replacement> read_replacement(const Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    Replacement out;
    out.body = in.required_text("body", {1, call.services.chat.facts().story_limit});
    if (const auto subject = in.optional_text("subject", {1, 256}))
        out.subject = std::string{*subject};
    if (in.problem())
        return pass(*in.problem());
    return out;
}

Result<net::HttpResponse> patch_message(Call& call) {
    const Result<std::int64_t> seq = message_number(call);
    if (!seq)
        return pass(seq.error());
    const Result<Replacement> wanted = read_replacement(call);
    if (!wanted)
        return pass(wanted.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<MessageChanged> replaced =
        replace_message(call.services.changes, *asked, call.path.at("room"), *seq, *wanted);
    if (!replaced)
        return pass(replaced.error());
    return answer(*replaced);
}

Result<ClearBefore> read_clear(const Call& call) {
    ClearBefore out;
    if (call.request.body.empty())
        return out;
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    out.seq = in.optional_int("before_seq", {1});
    out.time = in.optional_time("before_time");
    if (out.seq && out.time)
        in.refuse(
            "before_time",
            "bad-request",
            Errc::usage,
            "before_seq and before_time cannot be given together",
            "give one of them, or neither to clear everything"
        );
    if (in.problem())
        return pass(*in.problem());
    return out;
}

Result<net::HttpResponse> post_clear(Call& call) {
    const Result<ClearBefore> before = read_clear(call);
    if (!before)
        return pass(before.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<RoomCleared> cleared =
        clear_room(call.services.changes, *asked, call.path.at("room"), *before);
    if (!cleared)
        return pass(cleared.error());
    std::string body = "{";
    wire::FieldWriter{body}
        .text("room", cleared->room)
        .number("first", cleared->first)
        .number("rev", cleared->rev)
        .boolean("changed", cleared->changed);
    return json_response(200, body + "}");
}

}  // namespace

Result<void> wait_for_record(
    Chat& chat, std::int64_t kind, PrincipalId user, RoomId room, std::string_view detail
) {
    const auto done = std::make_shared<std::promise<Result<void>>>();
    std::future<Result<void>> outcome = done->get_future();
    chat.record(kind, user, room, detail, [done](const Result<void>& recorded) {
        done->set_value(recorded);
    });
    return outcome.get();
}

void add_message_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/rooms/{room}/messages", Gate::signed_in, read_history});
    // A story of the longest kind, every character escaped.
    constexpr std::size_t largest = std::size_t{65'536} * 12 + 4096;
    table.push_back({"POST", "/v1/rooms/{room}/messages", Gate::signed_in, post_message, largest});
    // The service asks for the right: to others a secret room must not show.
    constexpr std::string_view one = "/v1/rooms/{room}/messages/{seq}";
    table.push_back({"DELETE", one, Gate::signed_in, delete_message});
    table.push_back({"PATCH", one, Gate::signed_in, patch_message, largest});
    table.push_back({"POST", "/v1/rooms/{room}/clear", Gate::signed_in, post_clear});
}

}  // namespace pchat::api

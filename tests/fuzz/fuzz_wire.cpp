// SPDX-License-Identifier: Apache-2.0
// What a client may put into a frame or a body. Whatever is accepted must be UTF-8 without U+0000
// and within the limits, and whatever is answered must itself be readable.
#include "base/unicode.h"
#include "server/wire/http_body.h"
#include "server/wire/object_reader.h"
#include "server/wire/reply.h"
#include "server/wire/request.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace pchat::wire;

namespace {

constexpr RequestLimits limits{40, 80, 20};

void require(bool holds) {
    if (!holds)
        std::abort();
}

void check_text(std::string_view text, std::size_t max) {
    require(!pchat::first_invalid_utf8(text));
    require(text.find('\0') == std::string_view::npos);
    require(pchat::count_code_points(text) <= max);
}

void check_answer(const std::string& answer) {
    require(!pchat::first_invalid_utf8(answer));
    JsonDocument document;
    require(document.parse(answer).has_value());
}

void check_content(const Content& content) {
    require(!content.body.empty());
    check_text(content.body, content.kind == MessageKind::story ? limits.story : limits.message);
    if (content.subject)
        check_text(*content.subject, 256);
    Message message;
    message.body = content.body;
    message.subject = content.subject;
    check_answer("{" + message_fields(message) + "}");
}

struct Check {
    void operator()(const Auth& auth) const { check_text(auth.secret.reveal(), 1024); }
    void operator()(const Join& join) const {
        require(!join.rooms.empty() && join.rooms.size() <= 200);
        for (const JoinRoom& room : join.rooms) {
            check_text(room.room, 256);
            require(room.since.value_or(0) >= 0 && room.since_rev.value_or(0) >= 0);
        }
    }
    void operator()(const Send& send) const {
        check_text(send.room, 256);
        check_text(send.key, 64);
        check_content(send.content);
    }
    void operator()(const History& history) const {
        require(history.limit >= 1 && history.limit <= 500);
        require(!(history.before && history.after));
    }
    void operator()(const Search& search) const {
        check_text(search.text, 1000);
        require(search.limit >= 1 && search.limit <= limits.search);
    }
    void operator()(const Unread& unread) const {
        require(unread.marks.size() <= 1000);
        for (const auto& [room, seq] : unread.marks) {
            check_text(room, 256);
            require(seq >= 0);
        }
    }
    void operator()(const Watch& watch) const {
        require(watch.keywords.size() <= 50);
        for (const std::string& keyword : watch.keywords)
            check_text(keyword, 64);
    }
    void operator()(const Leave& leave) const { check_text(leave.room, 256); }
    void operator()(const Roster& roster) const { check_text(roster.room, 256); }
    void operator()(const Rooms& rooms) const { require(rooms.limit >= 1); }
    void operator()(const Invitations& invitations) const { require(invitations.after >= 0); }
    void operator()(const Ping& /*ping*/) const {}
};

void take_everything(ObjectReader& in) {
    in.optional_text("body", {0, 10});
    in.optional_bool("case");
    in.optional_int("limit", {-5, 5});
    in.optional_time("from_time");
    in.optional_choice("kind", {"text", "alert"});
    in.text_list("keywords");
    in.number_map("marks", {});
    for (ObjectReader& item : in.objects("rooms", 10)) {
        item.required_text("room");
        in.adopt("rooms", item);
    }
    if (auto inner = in.optional_object("marks")) {
        inner->required_int("a");
        in.adopt("marks", *inner);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static RequestReader reader{limits};  // kept, as the server keeps it
    const std::string text(data, data + size);
    const auto request = reader.read(text);
    check_text(reader.id(), 64);
    if (request)
        std::visit(Check{}, request->body);
    else
        check_answer(refusal(reader.id(), request.error()));
    if (const auto post = read_post_message(text, limits))
        check_content(post->content);
    if (const auto sign_in = read_sign_in(text); !sign_in)
        check_answer(error_body(sign_in.error(), "r"));
    JsonDocument document;
    if (const auto root = document.parse(text)) {
        ObjectReader in{**root};
        take_everything(in);
        if (in.problem())
            check_answer(error_body(*in.problem(), {}));
    }
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "server/api/chat_session.h"

#include "base/log.h"
#include "base/uuid.h"
#include "server/api/hub.h"
#include "server/api/session_away.h"
#include "server/api/wire_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace pchat::api {
namespace {

// Stands for every room: a request that names several waits for all, and all for it.
constexpr RoomId any_room{-1};

/// A session has all rights of its user: a token that has fewer is not for one.
bool is_less_than_its_user(Chat& chat, const Identity& identity) {
    if (!identity.narrowed())
        return false;
    return identity.scope != nullptr || chat.directory().read([&](const DirectoryState& state) {
        return person_of(state, identity).roles != state.person(identity.user).roles;
    });
}

}  // namespace

ChatSession::ChatSession(Shard& shard, Secret token)
    : shard_(shard), token_(std::move(token)), bucket_(shard.limits().rate, shard.limits().burst) {}

ChatSession::~ChatSession() = default;

void ChatSession::opened(net::WebSocket& socket) {
    socket_ = &socket;
    open_ = true;
    connected_at_ = shard_.chat().clock().now();
    make_uuid(connected_at_).copy(uuid_.data(), uuid_.size());
    number_ = shard_.add(*this);
    if (const auto turned = shard_.hub().count_session()) {
        send_text(wire::event(wire::MovedEvent{turned->reason, turned->servers}));
        end(ws::CloseCode::server_full, turned->why);
        return;
    }
    counted_ = true;
    if (shard_.unsigned_sessions >= shard_.limits().signing_in) {
        end(ws::CloseCode::limits, "too many are signing in");
        return;
    }
    ++shard_.unsigned_sessions;
    signing_in_ = true;
    if (!token_.empty()) {
        check({}, std::make_shared<Secret>(std::exchange(token_, {})), false);
        return;
    }
    shard_.thread().after(shard_.limits().sign_in_time, [&shard = shard_, number = number_] {
        ChatSession* self = shard.find(number);
        if (self != nullptr && self->signing_in_)
            self->end(ws::CloseCode::not_signed_in, "no sign-in came in time");
    });
}

void ChatSession::closed(ws::CloseCode /*code*/) {
    open_ = false;
    if (signing_in_)
        --shard_.unsigned_sessions;
    leave_all();
    if (is_signed_in())
        shard_.hub().note_session(*this, false);
    shard_.remove(number_, *this);
    if (counted_)
        shard_.hub().session_ended();
}

void ChatSession::end(ws::CloseCode code, std::string_view reason) {
    if (!open_)
        return;
    open_ = false;
    // At once, not when the other side has answered: it must not hear any more.
    leave_all();
    socket_->close(code, reason);
}

void ChatSession::send_text(std::string_view text) {
    if (open_)
        socket_->send(net::Frame{ws::encode(ws::Opcode::text, text)});
}

SessionFacts ChatSession::facts() const {
    return {
        std::string{uuid()},
        identity_.user,
        identity_.token,
        std::string{socket_->peer()},
        connected_at_,
        joined_.size()};
}

void ChatSession::welcome() {
    shard_.signed_in(identity_.user, *this);
    shard_.hub().note_session(*this, true);
    const Chat& chat = shard_.chat();
    wire::Welcome out;
    out.session = facts().id;
    shard_.chat().directory().read([&](const DirectoryState& state) {
        const wire::Participant self = participant(state, identity_.user);
        out.user = self.user;
        out.display = self.display;
        out.limits.file_kb = state.config().file_kb;
        out.limits.participants = state.config().participants;
        out.limits.history = state.config().history;
        return 0;
    });
    out.server = chat.facts().fqdn;
    out.servers = chat.pool().everywhere(chat.facts().url);
    out.limits.message = static_cast<std::int64_t>(chat.facts().message_limit);
    out.limits.story = static_cast<std::int64_t>(chat.facts().story_limit);
    out.limits.search = chat.facts().search_limit;
    out.time = chat.clock().now();
    send_text(wire::event(out));
}

void ChatSession::text(std::string_view message) {
    if (!open_)
        return;
    if (is_signed_in())
        handle(message);
    else
        sign_in(message);
}

void ChatSession::sign_in(std::string_view message) {
    Result<wire::Request> request = shard_.reader().read(message);
    auto* auth = request ? std::get_if<wire::Auth>(&request->body) : nullptr;
    if (auth == nullptr || checking_) {
        end(ws::CloseCode::not_signed_in, "the first frame must be of type auth");
        return;
    }
    check(
        request->id,
        std::make_shared<Secret>(std::move(auth->secret)),
        auth->by == wire::Auth::By::ticket
    );
}

void ChatSession::check(const std::string& id, std::shared_ptr<Secret> secret, bool is_ticket) {
    checking_ = true;
    SignIns& sign_ins = shard_.sign_ins();
    if (!is_ticket)
        if (const auto known = sign_ins.recall(secret->reveal()))
            return signed_in(id, *known);
    const bool taken = shard_.chat().workers().run([&sign_ins,
                                                    &shard = shard_,
                                                    number = number_,
                                                    id,
                                                    secret,
                                                    is_ticket,
                                                    before = sign_ins.revocations()] {
        const Result<Identity> identity =
            is_ticket ? sign_ins.redeem(secret->reveal()) : sign_ins.check(secret->reveal());
        shard.thread().post([&shard, number, id, identity, secret, is_ticket, before] {
            ChatSession* self = shard.find(number);
            if (self == nullptr)
                return;
            // A session that has no user yet is passed over when tokens are revoked.
            const bool current = shard.sign_ins().revocations() == before;
            if (!identity || current)
                self->signed_in(id, identity);
            else if (!is_ticket)
                self->check(id, secret, is_ticket);
            else
                self->signed_in(
                    id,
                    fail(
                        Errc::signed_out,
                        "somebody was signed out just now, perhaps you",
                        "get another ticket"
                    )
                );
        });
    });
    if (!taken)
        end(ws::CloseCode::limits, "too much waits for the database");
}

void ChatSession::signed_in(const std::string& id, const Result<Identity>& identity) {
    if (!open_)
        return;
    if (!identity) {
        if (!id.empty())
            send_text(wire::refusal(id, identity.error()));
        // Only a token that is no good is worth another one: the rest is ours to mend.
        end(identity.error().code == Errc::signed_out ? ws::CloseCode::not_signed_in
                                                      : ws::CloseCode::internal,
            identity.error().message);
        return;
    }
    if (is_less_than_its_user(shard_.chat(), *identity)) {
        const Error why =
            beyond_scope("WebSockets: it may do less than its user, which only HTTP heeds").value();
        if (!id.empty())
            send_text(wire::refusal(id, why));
        end(ws::CloseCode::policy, why.message);
        return;
    }
    --shard_.unsigned_sessions;
    signing_in_ = false;
    identity_ = *identity;
    if (!id.empty())
        send_text(wire::reply(id, wire::Done{}));
    welcome();
}

void ChatSession::handle(std::string_view message) {
    ++shard_.hub().counts().requests;
    Result<wire::Request> request = shard_.reader().read(message);
    const auto now = std::chrono::steady_clock::now();
    if (!bucket_.take(now)) {
        ++shard_.hub().counts().rate_limited;
        refuse(
            shard_.reader().id(),
            fail_as(
                "rate-limited",
                Errc::too_many,
                fmt::format("more than {} requests a second", shard_.limits().rate),
                "wait a second, then send it again with the same key"
            )
                .value()
        );
        return;
    }
    if (!request) {
        refuse(shard_.reader().id(), request.error());
        return;
    }
    const RoomId room = room_of(request->body);
    const bool is_send = std::holds_alternative<wire::Send>(request->body);
    if (turn_ && turn_->under_way.size() + turn_->waiting.size() >= shard_.limits().in_flight) {
        refuse(
            request->id,
            fail_as(
                "too-many-in-flight",
                Errc::too_many,
                fmt::format("{} requests are not answered yet", shard_.limits().in_flight),
                "wait for answers before you ask more"
            )
                .value()
        );
        return;
    }
    if (room && turn_ && (!turn_->waiting.empty() || must_wait(room, is_send))) {
        turn_->waiting.emplace_back(message);
        return;
    }
    dispatch(std::move(*request));
}

RoomId ChatSession::room_named(const std::string& name) const {
    return shard_.chat().directory().read([&](const DirectoryState& state) {
        const KnownRoom* room = state.find_room(name);
        return room == nullptr ? RoomId{} : room->room.id;
    });
}

RoomId ChatSession::room_of(const wire::RequestBody& body) const {
    return std::visit(
        [&](const auto& request) -> RoomId {
            using T = std::decay_t<decltype(request)>;
            if constexpr (std::is_same_v<T, wire::Join>)
                return request.several ? any_room : room_named(request.rooms.front().room);
            else if constexpr (std::is_same_v<T, wire::Leave> || std::is_same_v<T, wire::Send> || std::is_same_v<T, wire::History> || std::is_same_v<T, wire::Roster>)
                return room_named(request.room);
            else
                return {};
        },
        body
    );
}

bool ChatSession::must_wait(RoomId room, bool is_send) const {
    return std::any_of(
        turn_->under_way.begin(),
        turn_->under_way.end(),
        [&](const Pending& pending) {
            const bool related = pending.room && (pending.room == room ||
                                                  pending.room == any_room || room == any_room);
            return related && !(is_send && pending.is_send);
        }
    );
}

void ChatSession::dispatch(wire::Request request) {
    begin(request.id, room_of(request.body), std::holds_alternative<wire::Send>(request.body));
    std::visit([&](auto& body) { on(request.id, body); }, request.body);
}

void ChatSession::begin(const std::string& id, RoomId room, bool is_send) {
    if (!turn_)
        turn_ = std::make_unique<Turn>();
    turn_->under_way.push_back({room, is_send, id, std::chrono::steady_clock::now()});
}

void ChatSession::answer(const std::string& id, std::string_view text) {
    send_text(text);
    if (!turn_)
        return;
    std::vector<Pending>& under_way = turn_->under_way;
    const auto found = std::find_if(under_way.begin(), under_way.end(), [&](const Pending& one) {
        return one.id == id;
    });
    if (found != under_way.end()) {
        shard_.hub().counts().answer.add(std::chrono::steady_clock::now() - found->since);
        under_way.erase(found);
    }
    go_on();
}

void ChatSession::refuse(const std::string& id, const Error& error) {
    ++shard_.hub().counts().refused;
    if (error.code == Errc::internal)
        log::error("request {} of {}: {}", id, facts().id, error.message);
    answer(id, wire::refusal(id, error));
}

void ChatSession::go_on() {
    while (open_ && turn_ && !turn_->waiting.empty()) {
        Result<wire::Request> request = shard_.reader().read(turn_->waiting.front());
        if (request &&
            must_wait(room_of(request->body), std::holds_alternative<wire::Send>(request->body)))
            return;
        turn_->waiting.pop_front();
        if (request)
            dispatch(std::move(*request));
    }
    if (turn_ && turn_->under_way.empty() && turn_->waiting.empty())
        turn_.reset();
}

void ChatSession::tick() {
    if (identity_.expires_at && *identity_.expires_at <= shard_.chat().clock().now())
        end(ws::CloseCode::not_signed_in, "the sign-in has expired");
}

void ChatSession::on(const std::string& id, wire::Auth& /*auth*/) {
    refuse(
        id,
        fail_as("signed-in-already", Errc::conflict, "this connection has signed in already")
            .value()
    );
}

void ChatSession::on(const std::string& id, wire::Ping& /*ping*/) {
    answer(id, wire::reply(id, wire::Pong{shard_.chat().clock().now()}));
}

}  // namespace pchat::api

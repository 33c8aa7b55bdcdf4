// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/shard.h"
#include "server/net/web_socket.h"
#include "server/wire/reply.h"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::api {

/// One WebSocket of one user. Lives on one thread.
///
/// Requests about the same room are answered in order: one that would overtake waits. Sends to one
/// room may be under way together, the commit queue keeps their order.
class ChatSession : public net::WebSocketUser {
public:
    /// `token`: what came with the upgrade; when it is empty, the first frame must say who it is.
    ChatSession(Shard& shard, Secret token);
    ~ChatSession() override;

    void opened(net::WebSocket& socket) override;
    void text(std::string_view message) override;
    void tick() override;
    void closed(ws::CloseCode code) override;

    [[nodiscard]] PrincipalId user() const { return identity_.user; }
    [[nodiscard]] std::string_view uuid() const { return {uuid_.data(), uuid_.size()}; }
    [[nodiscard]] TokenId token() const { return identity_.token; }
    [[nodiscard]] Microseconds connected_at() const { return connected_at_; }
    [[nodiscard]] bool is_signed_in() const { return static_cast<bool>(identity_.user); }
    [[nodiscard]] SessionFacts facts() const;
    void send(const net::Frame& frame) {
        if (open_)
            socket_->send(frame);
    }
    void send_text(std::string_view text);
    void end(ws::CloseCode code, std::string_view reason);
    /// True the first time in that round; never before it has signed in.
    bool begins_to_move(std::uint32_t round) {
        return is_signed_in() && std::exchange(moving_, round) != round;
    }

    /// Another one left the room's list: this one has its place now.
    void moved_to(RoomId room, std::uint32_t slot);
    /// Looks again at what it may do in the rooms it has joined that `concerns` names.
    void revalidate(const std::function<bool(RoomId)>& concerns);

private:
    struct Joined {
        RoomId room;
        std::uint32_t slot = 0;
        Rights rights;
        bool transit = false;
    };
    /// A request that is not answered yet.
    struct Pending {
        RoomId room;
        bool is_send = false;
        std::string id;
        std::chrono::steady_clock::time_point since{};
    };
    /// What exists only while requests are under way.
    struct Turn {
        std::vector<Pending> under_way;
        std::deque<std::string> waiting;  // frames
        std::uint32_t next = 0;
    };

    void welcome();
    void sign_in(std::string_view message);
    void check(const std::string& id, std::shared_ptr<Secret> secret, bool is_ticket);
    void signed_in(const std::string& id, const Result<Identity>& identity);
    void handle(std::string_view message);
    void dispatch(wire::Request request);
    [[nodiscard]] bool must_wait(RoomId room, bool is_send) const;
    /// The room a request is about; none for the others.
    [[nodiscard]] RoomId room_of(const wire::RequestBody& body) const;
    [[nodiscard]] RoomId room_named(const std::string& name) const;
    void begin(const std::string& id, RoomId room, bool is_send);
    void answer(const std::string& id, std::string_view text);
    void refuse(const std::string& id, const Error& error);
    void go_on();

    /// Runs `work` where it may wait and `then` back here, if the session lives. Without
    /// `otherwise` a failure is the answer to the request.
    template <class T>
    void away(
        const std::string& id,
        std::function<Result<T>()> work,
        std::function<void(ChatSession&, T)> then,
        std::function<void(ChatSession&, const Error&)> otherwise = nullptr
    );

    /// Goes on once compliance knows of it; at once when compliance is off.
    void recorded(
        const std::string& id,
        std::int64_t kind,
        RoomId room,
        std::string_view detail,
        std::function<void(ChatSession&)> then
    );

    void on(const std::string& id, wire::Join& join);
    void on(const std::string& id, wire::Leave& leave);
    void on(const std::string& id, wire::Send& send);
    void on(const std::string& id, wire::History& history);
    void on(const std::string& id, wire::Search& search);
    void on(const std::string& id, wire::Rooms& rooms);
    void on(const std::string& id, wire::Roster& roster);
    void on(const std::string& id, wire::Invitations& invitations);
    void on(const std::string& id, wire::Unread& unread);
    void on(const std::string& id, wire::Watch& watch);
    void on(const std::string& id, wire::Ping& ping);
    void on(const std::string& id, wire::Auth& auth);

    struct Joining;
    struct JoinView;
    void join_next(std::shared_ptr<Joining> joining);
    void refuse_join(std::shared_ptr<Joining> joining, const Error& error);
    void join_now(std::shared_ptr<Joining> joining);
    void joined(std::shared_ptr<Joining> joining);
    JoinView look_and_enter(const Joining& joining);
    void add_elsewhere(JoinView& view, RoomId room, std::size_t most);
    void fetch(std::shared_ptr<Joining> joining, Transit transit);
    wire::JoinReply enter(Joining& joining, JoinView view);
    void take_back_entry(RoomId room);
    void record_part(RoomId room);
    Joined* find_joined(RoomId room);
    void leave(RoomId room);
    void leave_all();

    Shard& shard_;
    net::WebSocket* socket_ = nullptr;
    std::uint64_t number_ = 0;
    std::array<char, 36> uuid_{};  // as the whole pool knows it
    Identity identity_;
    Microseconds connected_at_ = 0;
    Secret token_;  // until it was checked
    bool counted_ = false;
    bool open_ = false;
    bool signing_in_ = false;
    bool checking_ = false;
    std::uint32_t moving_ = 0;  // the last round in which it was asked to go elsewhere
    std::vector<Joined> joined_;
    std::vector<RoomId> entering_;  // compliance has seen the join, the session is not in yet
    std::unique_ptr<Turn> turn_;
    Bucket bucket_;
};

}  // namespace pchat::api

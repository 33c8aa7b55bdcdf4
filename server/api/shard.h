// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/frame.h"
#include "server/net/io_pool.h"
#include "server/service/chat.h"
#include "server/wire/event.h"
#include "server/wire/request.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pchat::api {

class Hub;
class ChatSession;

struct HubLimits {
    std::size_t sessions = 20'000;
    std::size_t in_flight = 64;  // requests of one session that are not answered yet
    double rate = 50;            // requests a second of one session, in the long run
    double burst = 200;          // and at once
    double user_rate = 100;      // messages a second of one user over all sessions
    double user_burst = 400;
    double joins = 5'000;  // rooms joined a second on one thread
    std::chrono::milliseconds sign_in_time{10'000};
    std::size_t signing_in = 2'000;  // sessions that have not said who they are
    std::size_t rooms = 2'000;       // that one session may have joined
    // Of messages in one answer: it must fit into what may wait for a session, beside live ones.
    std::size_t page_bytes = std::size_t{512} * 1024;
};

/// A message on its way to those in a room.
struct Delivery {
    RoomId room;
    std::int64_t seq = 0;  // 0: has no number, is for all
    net::SharedBytes bytes;
};

/// One session in a room. It gets what is numbered higher than `from`.
struct Subscriber {
    ChatSession* session = nullptr;
    std::int64_t from = 0;
};

struct SessionFacts {
    std::string id;
    PrincipalId user;
    TokenId token;
    std::string address;
    Microseconds connected_at = 0;
    std::size_t rooms = 0;
};

/// Lets through so many a second and so many at once.
class Bucket {
public:
    Bucket(double rate, double burst) : rate_(rate), burst_(burst), left_(burst) {}
    bool take(std::chrono::steady_clock::time_point now, double count = 1);

private:
    double rate_;
    double burst_;
    double left_;
    std::chrono::steady_clock::time_point at_{};
};

/// What one thread knows of its sessions. Only that thread touches it.
class Shard {
public:
    Shard(Hub& hub, net::IoThread& thread, const HubLimits& limits);

    net::IoThread& thread() { return thread_; }
    Hub& hub() { return hub_; }
    Chat& chat() { return *chat_; }
    SignIns& sign_ins() { return *sign_ins_; }
    const HubLimits& limits() const { return limits_; }
    wire::RequestReader& reader() { return reader_; }
    void attach(Chat& chat, SignIns& sign_ins);

    std::uint64_t add(ChatSession& session);
    void remove(std::uint64_t number, ChatSession& session);
    /// Null when it has ended.
    ChatSession* find(std::uint64_t number);
    void signed_in(PrincipalId user, ChatSession& session);

    /// Where the session stands in the room's list.
    std::uint32_t subscribe(
        RoomId room, std::string_view uuid, ChatSession& session, std::int64_t from
    );
    void unsubscribe(RoomId room, std::uint32_t slot);

    /// Of a room that somebody here has joined, though it may not exist any more.
    [[nodiscard]] std::string_view uuid_of(RoomId room) const;

    void deliver(const Delivery& delivery);
    template <class F>
    void each_of(PrincipalId user, F&& use) {
        const auto [begin, end] = users_.equal_range(user);
        for (auto each = begin; each != end; ++each)
            use(*each->second);
    }
    /// `use` may end sessions.
    void each(const std::function<void(ChatSession&)>& use);

    bool may_join(std::size_t rooms);
    std::size_t unsigned_sessions = 0;

private:
    Hub& hub_;
    net::IoThread& thread_;
    HubLimits limits_;
    Chat* chat_ = nullptr;
    SignIns* sign_ins_ = nullptr;
    wire::RequestReader reader_;
    Bucket joins_;
    std::uint64_t last_number_ = 0;
    std::unordered_map<std::uint64_t, ChatSession*> sessions_;
    std::unordered_multimap<PrincipalId, ChatSession*> users_;
    struct Listeners {
        std::string uuid;
        std::vector<Subscriber> list;
    };
    std::unordered_map<RoomId, Listeners> rooms_;
};

}  // namespace pchat::api

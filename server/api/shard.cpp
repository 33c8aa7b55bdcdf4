// SPDX-License-Identifier: Apache-2.0
#include "server/api/shard.h"

#include "server/api/chat_session.h"
#include "server/api/hub.h"

#include <algorithm>

namespace pchat::api {
namespace {

constexpr std::size_t fetch_ahead = 4;  // sessions on their way into the cache

}  // namespace

bool Bucket::take(std::chrono::steady_clock::time_point now, double count) {
    const std::chrono::duration<double> passed = now - at_;
    left_ = std::min(burst_, left_ + passed.count() * rate_);
    at_ = now;
    // A request larger than the burst would never be let through: it may overdraw a full bucket.
    if (left_ < std::min(count, burst_))
        return false;
    left_ -= count;
    return true;
}

Shard::Shard(Hub& hub, net::IoThread& thread, const HubLimits& limits)
    : hub_(hub), thread_(thread), limits_(limits), joins_(limits.joins, limits.joins) {}

void Shard::attach(Chat& chat, SignIns& sign_ins) {
    chat_ = &chat;
    sign_ins_ = &sign_ins;
    reader_.set_limits(
        {chat.facts().message_limit, chat.facts().story_limit, chat.facts().search_limit}
    );
}

bool Shard::may_join(std::size_t rooms) {
    return joins_.take(std::chrono::steady_clock::now(), static_cast<double>(rooms));
}

std::uint64_t Shard::add(ChatSession& session) {
    sessions_.emplace(++last_number_, &session);
    return last_number_;
}

void Shard::remove(std::uint64_t number, ChatSession& session) {
    sessions_.erase(number);
    const auto [begin, end] = users_.equal_range(session.user());
    for (auto each = begin; each != end; ++each)
        if (each->second == &session) {
            users_.erase(each);
            return;
        }
}

ChatSession* Shard::find(std::uint64_t number) {
    const auto found = sessions_.find(number);
    return found == sessions_.end() ? nullptr : found->second;
}

void Shard::signed_in(PrincipalId user, ChatSession& session) {
    users_.emplace(user, &session);
}

std::uint32_t Shard::subscribe(
    RoomId room, std::string_view uuid, ChatSession& session, std::int64_t from
) {
    Listeners& listeners = rooms_[room];
    if (listeners.uuid.empty())
        listeners.uuid = uuid;
    std::vector<Subscriber>& subscribers = listeners.list;
    subscribers.push_back({&session, from});
    return static_cast<std::uint32_t>(subscribers.size() - 1);
}

void Shard::unsubscribe(RoomId room, std::uint32_t slot) {
    const auto found = rooms_.find(room);
    if (found == rooms_.end())
        return;
    std::vector<Subscriber>& subscribers = found->second.list;
    // The last one takes the free place.
    if (slot + 1 < subscribers.size()) {
        subscribers[slot] = subscribers.back();
        subscribers[slot].session->moved_to(room, slot);
    }
    subscribers.pop_back();
    if (subscribers.empty())
        rooms_.erase(found);
    else if (subscribers.capacity() > 64 && subscribers.size() < subscribers.capacity() / 4)
        subscribers.shrink_to_fit();
}

std::string_view Shard::uuid_of(RoomId room) const {
    const auto found = rooms_.find(room);
    return found == rooms_.end() ? std::string_view{} : found->second.uuid;
}

void Shard::deliver(const Delivery& delivery) {
    const auto found = rooms_.find(delivery.room);
    if (found == rooms_.end())
        return;
    const net::Frame frame{delivery.bytes};
    std::uint64_t count = 0;
    // Sending never ends a session at once: the list stays as it is.
    const std::vector<Subscriber>& list = found->second.list;
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i + fetch_ahead < list.size())
            __builtin_prefetch(list[i + fetch_ahead].session);
        if (delivery.seq == 0 || delivery.seq > list[i].from) {
            list[i].session->send(frame);
            ++count;
        }
    }
    hub_.counts().deliveries += count;
}

void Shard::each(const std::function<void(ChatSession&)>& use) {
    std::vector<std::uint64_t> numbers;
    numbers.reserve(sessions_.size());
    for (const auto& [number, session] : sessions_)
        numbers.push_back(number);
    for (const std::uint64_t number : numbers)
        if (ChatSession* session = find(number))
            use(*session);
}

}  // namespace pchat::api

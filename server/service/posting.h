// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/message.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pchat {

/// What a sender learns once its message is durable.
struct Posted {
    std::int64_t seq = 0;
    Microseconds at = 0;
    bool repeated = false;  // it was stored before, under the same key
};

/// A message on its way into the database.
struct Posting {
    Message message;  // seq and at are the commit's to give
    std::string key_hash;
    std::string content_hash;
    std::vector<PrincipalId> mentions;
    std::uint64_t generation = 0;  // of the directory that let it in
    std::chrono::steady_clock::time_point deadline{};
    /// Called once, before the room hears of it; not on the writer's thread when it is too late.
    std::function<void(const Result<Posted>&)> done;
};

/// Something that compliance must see and that is no message; durable once `done` is called.
struct Recording {
    std::string uuid;  // the same at every try, by which a second copy is known; made by the queue
    std::int64_t kind = 0;
    Microseconds at = 0;
    std::string body;
    std::chrono::steady_clock::time_point deadline{};
    bool required = false;  // has no `done`; made by the queue
    /// May be empty, for what has happened already: kept beyond the deadline.
    std::function<void(const Result<void>&)> done;
    /// It was refused as too late and turned out to be stored all the same. On the writer's thread.
    std::function<void()> stored_late;
};

std::string key_hash(std::string_view key);
/// Of all that makes two messages the same one.
std::string content_hash(const Message& message);

}  // namespace pchat

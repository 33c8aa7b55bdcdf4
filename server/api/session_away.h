// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/chat_session.h"

#include <memory>
#include <utility>

namespace pchat::api {

/// What a session that asked is told when nobody has time for it.
Error too_busy();

template <class T>
void ChatSession::away(
    const std::string& id,
    std::function<Result<T>()> work,
    std::function<void(ChatSession&, T)> then,
    std::function<void(ChatSession&, const Error&)> otherwise
) {
    if (!otherwise)
        otherwise = [id](ChatSession& self, const Error& error) { self.refuse(id, error); };
    const bool taken = shard_.chat().workers().run([&shard = shard_,
                                                    number = number_,
                                                    work = std::move(work),
                                                    then = std::move(then),
                                                    otherwise] {
        auto result = std::make_shared<Result<T>>(work());
        shard.thread().post([&shard, number, result, then, otherwise] {
            ChatSession* self = shard.find(number);
            if (self == nullptr || !self->open_)
                return;
            if (*result)
                then(*self, std::move(**result));
            else
                otherwise(*self, result->error());
        });
    });
    if (!taken)
        otherwise(*this, too_busy());
}

}  // namespace pchat::api

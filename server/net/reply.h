// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/net/http.h"

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace pchat::net {

class Connection;
class IoThread;

/// The requests of a thread that the site has not answered yet. An answer may come from any thread
/// and at any time: it finds its connection by number, here and on this thread, or nobody at all.
class ReplyDesk {
public:
    explicit ReplyDesk(IoThread& thread);
    ~ReplyDesk();
    ReplyDesk(const ReplyDesk&) = delete;
    ReplyDesk& operator=(const ReplyDesk&) = delete;

    using Number = std::uint64_t;
    struct Expected {
        Number number;
        /// Dropped without a call it answers 500, so that no client waits for ever.
        HttpReply reply;
    };
    Expected expect(Connection& connection);
    void forget(Number number);

private:
    friend class OneReply;
    // What replies hold on to; empty once the desk has gone.
    using Way = Guarded<ReplyDesk*>;

    void post(Number number, HttpResponse response);
    void deliver(Number number, HttpResponse response);

    IoThread& thread_;
    std::shared_ptr<Way> way_;
    std::unordered_map<Number, Connection*> waiting_;
    Number last_ = 0;
};

}  // namespace pchat::net

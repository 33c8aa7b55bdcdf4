// SPDX-License-Identifier: Apache-2.0
#include "server/net/reply.h"

#include "server/net/connection.h"
#include "server/net/http_text.h"
#include "server/net/io_pool.h"

#include <atomic>
#include <utility>

namespace pchat::net {

/// Shared by all copies of one HttpReply.
class OneReply {
public:
    OneReply(std::shared_ptr<ReplyDesk::Way> way, ReplyDesk::Number number)
        : way_(std::move(way)), number_(number) {}
    ~OneReply() {
        if (!given_)
            give(http_error(
                500, "internal", "the server lost this request", "look into the log of pchatd"
            ));
    }
    OneReply(const OneReply&) = delete;
    OneReply& operator=(const OneReply&) = delete;

    void give(HttpResponse response) {
        if (given_.exchange(true))
            return;
        way_->with([&](ReplyDesk* desk) {
            if (desk != nullptr)
                desk->post(number_, std::move(response));
        });
    }

private:
    std::shared_ptr<ReplyDesk::Way> way_;
    ReplyDesk::Number number_;
    std::atomic<bool> given_ = false;
};

ReplyDesk::ReplyDesk(IoThread& thread) : thread_(thread), way_(std::make_shared<Way>(this)) {}

ReplyDesk::~ReplyDesk() {
    way_->with([](ReplyDesk*& desk) { desk = nullptr; });
}

ReplyDesk::Expected ReplyDesk::expect(Connection& connection) {
    const Number number = ++last_;
    waiting_.emplace(number, &connection);
    return {number, [one = std::make_shared<OneReply>(way_, number)](HttpResponse response) {
                one->give(std::move(response));
            }};
}

void ReplyDesk::forget(Number number) {
    waiting_.erase(number);
}

void ReplyDesk::post(Number number, HttpResponse response) {
    thread_.post([this, number, response = std::move(response)]() mutable {
        deliver(number, std::move(response));
    });
}

void ReplyDesk::deliver(Number number, HttpResponse response) {
    const auto found = waiting_.find(number);
    if (found == waiting_.end())
        return;
    const auto connection = found->second->shared_from_this();
    waiting_.erase(found);
    connection->answer(std::move(response));
}

}  // namespace pchat::net

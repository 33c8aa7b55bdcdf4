// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/http_parser.h"
#include "server/net/reply.h"
#include "server/net/stage.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pchat::net {

class Connection;

/// A connection that speaks HTTP/1.1: one request after the other, each answered before the next is
/// looked at.
class HttpStage : public Stage {
public:
    explicit HttpStage(Connection& connection);
    ~HttpStage() override;
    HttpStage(const HttpStage&) = delete;
    HttpStage& operator=(const HttpStage&) = delete;

    [[nodiscard]] bool wants_input() const override { return doing_ == Doing::reading; }
    void received(std::span<char> bytes) override;
    void ended() override;
    void written() override;
    void tick(SteadyTime now) override;
    void answered(HttpResponse response) override;

private:
    enum class Doing : std::uint8_t { reading, serving, answering, leaving };

    void advance();
    HttpParser::Progress begin_body();
    void serve();
    void upgrade(HttpRequest request);
    void respond(HttpResponse response);
    void refuse(HttpResponse response);

    Connection& connection_;
    std::unique_ptr<HttpParser> parser_;  // while a request is coming in
    std::string unread_;                  // bytes that came and are not parsed
    SteadyTime since_;                    // of the wait that is limited
    std::size_t left_to_write_ = 0;       // when the clock looked last
    ReplyDesk::Number expected_ = 0;
    Doing doing_ = Doing::reading;
    bool first_request_ = true;
    bool keep_alive_ = false;
    bool is_http_1_1_ = false;
    bool without_body_ = false;  // the answer to HEAD
};

}  // namespace pchat::net

// SPDX-License-Identifier: Apache-2.0
#include "server/net/http_stage.h"

#include "server/net/connection.h"
#include "server/net/connection_set.h"
#include "server/net/handshake.h"
#include "server/net/http_text.h"
#include "server/net/last_stage.h"
#include "server/net/web_socket_stage.h"

#include <utility>
#include <variant>

namespace pchat::net {
namespace {

using Progress = HttpParser::Progress;
using std::chrono::steady_clock;

}  // namespace

HttpStage::HttpStage(Connection& connection)
    : connection_(connection), since_(steady_clock::now()) {}

HttpStage::~HttpStage() {
    if (doing_ == Doing::serving)
        connection_.set().replies().forget(expected_);
}

void HttpStage::received(std::span<char> bytes) {
    unread_.append(bytes.data(), bytes.size());
    advance();
}

void HttpStage::advance() {
    while (doing_ == Doing::reading && (parser_ || !unread_.empty())) {
        if (!parser_) {
            parser_ = std::make_unique<HttpParser>(connection_.set().limits().head_bytes);
            if (!first_request_)
                since_ = steady_clock::now();
        }
        std::string_view rest = unread_;
        Progress progress = parser_->feed(rest);
        unread_ = std::string{rest};
        if (progress == Progress::head)
            progress = begin_body();
        if (progress == Progress::more)
            return;
        if (progress == Progress::whole)
            return serve();
        if (progress == Progress::refused)
            return refuse(std::move(parser_->refusal()));
    }
}

Progress HttpStage::begin_body() {
    ConnectionSet& set = connection_.set();
    HttpRequest& request = parser_->request();
    request.peer = connection_.peer();
    request.secure = set.secure();
    request.thread = set.thread().index();
    const std::size_t longest = set.site().body_limit(request);
    const Progress progress = parser_->allow_body(longest);
    // A client that has begun to send the body does not wait for leave.
    if (progress == Progress::head && parser_->expects_continue() && unread_.empty())
        connection_.queue(Frame{std::string{"HTTP/1.1 100 Continue\r\n\r\n"}});
    return progress;
}

void HttpStage::serve() {
    first_request_ = false;
    connection_.proved_itself();
    HttpRequest request = std::move(parser_->request());
    keep_alive_ = parser_->keep_alive();
    is_http_1_1_ = parser_->is_http_1_1();
    without_body_ = request.method == "HEAD";
    parser_.reset();
    if (wants_web_socket(request))
        return upgrade(std::move(request));
    doing_ = Doing::serving;
    auto [number, reply] = connection_.set().replies().expect(connection_);
    expected_ = number;
    connection_.set().site().serve(std::move(request), std::move(reply));
}

void HttpStage::upgrade(HttpRequest request) {
    HttpResponse answer = answer_handshake(request, is_http_1_1_);
    if (answer.status != 101)
        return respond(std::move(answer));
    auto decided = connection_.set().site().upgrade(request);
    if (auto* refusal = std::get_if<HttpResponse>(&decided))
        return respond(std::move(*refusal));
    connection_.queue(Frame{encode_head(answer, {true, std::time(nullptr)})});
    doing_ = Doing::leaving;
    connection_.become(std::make_unique<WebSocketStage>(
        connection_,
        std::move(std::get<std::unique_ptr<WebSocketUser>>(decided)),
        std::move(unread_)
    ));
}

void HttpStage::answered(HttpResponse response) {
    respond(std::move(response));
}

void HttpStage::respond(HttpResponse response) {
    const bool with_body = !without_body_ && may_have_body(response.status);
    connection_.queue(Frame{encode_head(response, {keep_alive_, std::time(nullptr)})});
    if (with_body)
        connection_.queue(Frame{std::move(response.body)});
    since_ = steady_clock::now();
    left_to_write_ = connection_.outbox().bytes();
    doing_ = Doing::answering;
    if (!keep_alive_) {
        doing_ = Doing::leaving;
        connection_.become(std::make_unique<LastStage>(connection_));
    }
}

void HttpStage::refuse(HttpResponse response) {
    without_body_ = parser_->request().method == "HEAD";
    keep_alive_ = false;
    respond(std::move(response));
}

void HttpStage::written() {
    if (doing_ != Doing::answering)
        return;  // what has left is 100 Continue
    doing_ = Doing::reading;
    since_ = steady_clock::now();
    advance();
}

void HttpStage::ended() {
    connection_.die();
}

void HttpStage::tick(SteadyTime now) {
    const ConnectionLimits& limits = connection_.set().limits();
    const auto waited = now - since_;
    if (doing_ == Doing::reading) {
        if (parser_ && waited > limits.request_time)
            refuse(
                http_error(408, "too-slow", "the request did not come in time", "send it in one go")
            );
        else if (!parser_ && waited > (first_request_ ? limits.request_time : limits.idle_time))
            connection_.die();
    } else if (doing_ == Doing::answering) {
        const std::size_t left = connection_.outbox().bytes();
        if (std::exchange(left_to_write_, left) != left)
            since_ = now;
        else if (waited > limits.idle_time)
            connection_.die();
    }
}

}  // namespace pchat::net

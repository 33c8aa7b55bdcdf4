// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/test_server.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

namespace pchat::test {
namespace {

constexpr std::chrono::seconds deadline{10};

net::HttpResponse text_response(int status, std::string body) {
    net::HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

class User : public net::WebSocketUser {
public:
    User(TestSite& site, std::string path, std::size_t thread)
        : site_(site), path_(std::move(path)), thread_(thread) {}

    void opened(net::WebSocket& socket) override {
        socket_ = &socket;
        room().insert(&socket);
        if (path_ == "/paused")
            socket.pause();
        site_.events.add("opened " + path_);
    }
    void text(std::string_view message) override {
        if (closed_)
            site_.events.add("text after closed");
        if (path_ == "/echo")
            socket_->send(net::Frame{ws::encode(ws::Opcode::text, message)});
        else
            site_.events.add("text " + std::string{message});
        if (path_ == "/bye" && message == "bye")
            socket_->close(ws::CloseCode::going_away, "as you wish");
    }
    void closed(ws::CloseCode code) override {
        closed_ = true;
        room().erase(socket_);
        site_.events.add("closed " + std::to_string(static_cast<unsigned>(code)));
    }

private:
    std::set<net::WebSocket*>& room() { return site_.rooms[thread_]; }

    TestSite& site_;
    std::string path_;
    std::size_t thread_;
    net::WebSocket* socket_ = nullptr;
    bool closed_ = false;
};

}  // namespace

void Events::add(std::string event) {
    const std::lock_guard lock{mutex_};
    events_.push_back(std::move(event));
    changed_.notify_all();
}

void Events::wait_for(const std::string& event) {
    std::unique_lock lock{mutex_};
    const auto find = [&] { return std::find(events_.begin(), events_.end(), event); };
    if (!changed_.wait_for(lock, deadline, [&] { return find() != events_.end(); })) {
        std::string seen;
        for (const std::string& other : events_)
            seen += " [" + other + "]";
        throw std::runtime_error("'" + event + "' did not happen; what did:" + seen);
    }
    events_.erase(find());
}

std::vector<std::string> Events::all() const {
    const std::lock_guard lock{mutex_};
    return events_;
}

void wait_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("what was waited for did not happen in ten seconds");
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
}

void TestSite::serve(net::HttpRequest request, net::HttpReply reply) {
    if (request.path == "/hold") {
        held.with([&](auto& replies) { replies.push_back(std::move(reply)); });
        events.add("held");
        return;
    }
    if (request.path == "/lost")
        return;
    if (request.path == "/big")
        return reply(text_response(200, std::string(3'000'000, 'x')));
    if (request.path == "/evil") {
        net::HttpResponse response;
        response.headers.emplace_back("X-Value", "one\r\nX-Injected: yes");
        response.headers.emplace_back("X-Name\r\nX-Also: yes", "two");
        response.headers.emplace_back("Content-Length", "1000");
        return reply(std::move(response));
    }
    reply(text_response(
        200,
        request.method + " " + request.path + " ?" + request.query + " " + request.peer +
            (request.secure ? " secure " : " plain ") + request.body
    ));
}

std::size_t TestSite::body_limit(const net::HttpRequest& head) {
    return head.path == "/large" ? 1'000'000 : 1000;
}

std::variant<std::unique_ptr<net::WebSocketUser>, net::HttpResponse> TestSite::upgrade(
    const net::HttpRequest& request
) {
    if (request.path == "/refuse")
        return text_response(403, "not you");
    return std::make_unique<User>(*this, request.path, request.thread);
}

TestServer::TestServer(
    const net::ConnectionLimits& limits, std::size_t threads, std::shared_ptr<net::TlsContext> tls
)
    : pool(threads) {
    auto listening = net::listen(pool, {}, std::move(tls), limits, site);
    if (!listening)
        throw std::runtime_error(listening.error().message);
    listener = std::move(*listening);
    pool.start();
}

TestServer::~TestServer() {
    pool.stop();
}

void TestServer::broadcast(const std::string& message) {
    const auto bytes = std::make_shared<const std::string>(ws::encode(ws::Opcode::text, message));
    for (std::size_t i = 0; i < pool.size(); ++i)
        pool[i].post([this, i, bytes] {
            const net::Frame frame{bytes};
            for (net::WebSocket* socket : site.rooms[i])
                socket->send(frame);
        });
}

void TestServer::for_each_socket(const std::function<void(net::WebSocket&)>& what) {
    for (std::size_t i = 0; i < pool.size(); ++i)
        pool[i].post([this, i, what] {
            for (net::WebSocket* socket : site.rooms[i])
                what(*socket);
        });
}

void TestServer::resume_all() {
    for_each_socket([](net::WebSocket& socket) { socket.resume(); });
}

}  // namespace pchat::test

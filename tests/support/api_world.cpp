// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"

#include "server/api/wire_names.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

#include <future>
#include <utility>

namespace pchat::test {

ApiWorld::ApiWorld()
    : hub(pool, {}), world(&hub), sign_ins(*world.content, world.directory, world.clock),
      site(api::Services{*world.chat, *world.changes, sign_ins, hub}, health) {
    world.encode = [this](const Message& message) {
        return world.directory.read([&](const DirectoryState& state) {
            return api::message_text(state, message);
        });
    };
    hub.attach(*world.chat, sign_ins);
    pool.start();
}

ApiWorld::~ApiWorld() {
    site.stop();
    world.workers.stop();
    world.chat->stop_posting();
    pool.stop();
}

std::string ApiWorld::token(const std::string& who) {
    std::string& token = tokens_[who];
    if (token.empty()) {
        Result<IssuedToken> issued = sign_ins.issue(
            {world.user(who), TokenKind::sign_in, "test", std::chrono::hours{1}, std::nullopt}
        );
        REQUIRE_OK(issued);
        token = issued->secret.reveal();
    }
    return token;
}

std::string ApiWorld::Answer::code() const {
    return body.contains("error") ? body["error"]["code"].get<std::string>() : std::string{};
}

ApiWorld::Answer ApiWorld::send(
    const std::string& who,
    const std::string& method,
    const std::string& target,
    const nlohmann::json& body,
    const std::vector<net::Header>& headers
) {
    net::HttpRequest request;
    request.method = method;
    const std::size_t question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    request.query = target.substr(std::min(question + 1, target.size()));
    request.headers = headers;
    request.peer = "192.0.2.7";
    if (!who.empty())
        request.headers.emplace_back("Authorization", "Bearer " + token(who));
    if (body.is_string())
        request.body = body.get<std::string>();  // as it is: to send what is no JSON
    else if (!body.is_null())
        request.body = body.dump();
    std::promise<net::HttpResponse> answered;
    site.serve(std::move(request), [&](net::HttpResponse response) {
        answered.set_value(std::move(response));
    });
    const net::HttpResponse response = answered.get_future().get();
    Answer out;
    out.status = response.status;
    out.body = nlohmann::json::parse(response.body);
    for (const auto& [name, value] : response.headers)
        if (name == "ETag")
            out.etag = value;
        else if (name == "Set-Cookie")
            out.cookie = value;
    return out;
}

}  // namespace pchat::test

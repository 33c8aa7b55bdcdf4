// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/hub.h"
#include "server/api/site.h"
#include "server/net/io_pool.h"
#include "server/service/sign_in.h"
#include "tests/support/chat_world.h"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace pchat::test {

/// A ChatWorld behind its HTTP interface, without sockets: requests go straight to the site.
class ApiWorld {
public:
    ApiWorld();
    ~ApiWorld();
    ApiWorld(const ApiWorld&) = delete;
    ApiWorld& operator=(const ApiWorld&) = delete;

    struct Answer {
        int status = 0;
        nlohmann::json body;
        std::string etag;
        std::string cookie;  // of Set-Cookie
        /// Of an error.
        [[nodiscard]] std::string code() const;
    };
    /// `who`: name of a user without the domain; empty: not signed in.
    Answer send(
        const std::string& who,
        const std::string& method,
        const std::string& target,
        const nlohmann::json& body = {},
        const std::vector<net::Header>& headers = {}
    );
    /// The user's token; the same one each time, until it is no good any more.
    std::string token(const std::string& who);

    net::IoPool pool{1};
    api::Hub hub;
    ChatWorld world;
    SignIns sign_ins;
    api::Health health;
    api::Site site;

private:
    std::map<std::string, std::string> tokens_;
};

}  // namespace pchat::test

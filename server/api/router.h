// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/net/http.h"
#include "server/service/changes.h"
#include "server/service/directory.h"
#include "server/service/sign_in.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {
class DirectoryDuty;
}

namespace pchat::api {

class Hub;

/// What handlers work with.
struct Services {
    Chat& chat;
    Changes& changes;
    SignIns& sign_ins;
    Hub& hub;
    DirectoryDuty* directory = nullptr;  // none: all users are made here
};

/// One request on its way through its handler, which may wait.
struct Call {
    Services& services;
    const net::HttpRequest& request;
    std::string id;                                              // for logs and the audit
    std::map<std::string, std::string, std::less<>> path;        // {room} -> "Lobby", decoded
    std::multimap<std::string, std::string, std::less<>> query;  // decoded
    std::optional<Identity> identity;                            // none on public routes only
    Person person;           // with its roles narrowed to the token's
    std::string secret;      // the token itself
    bool by_cookie = false;  // which it came in

    [[nodiscard]] bool has(AdminRole role) const { return person.has(role); }
    [[nodiscard]] Actor actor() const;
    /// ?dry_run=true
    [[nodiscard]] bool dry_run() const;
    /// ?limit=, from 1 to `most`.
    [[nodiscard]] Result<int> limit(int usual, int most) const;
    [[nodiscard]] std::optional<std::string> cursor() const;
    /// The revision in If-Match, when there is one.
    [[nodiscard]] Result<std::optional<std::int64_t>> if_match() const;
};

using Handler = Result<net::HttpResponse> (*)(Call& call);

/// Who may call a route. Rights within rooms are the handler's to ask.
enum class Gate : std::uint8_t {
    open,       // nobody has to sign in
    signed_in,  // everybody who has
    viewer,
    user_admin,
    policy_admin,  // user-admin or pchat-admin
    pchat_admin,
    deploy_admin,
    compliance_officer,
    administrator,
};
/// Whether the roles open the gate: the table of roles.
bool opens(const Person& person, Gate gate);
std::string_view to_string(Gate gate);
/// What the gate asks for was asked of somebody in vain.
Error role_missing(const Call& call, Gate gate);

/// Whether a token that only reads may ask.
enum class Reads : std::uint8_t {
    by_get,      // nothing else
    always,      // it asks for much, and changes nothing
    as_dry_run,  // with ?dry_run=true
};

/// The threads that serve a route.
enum class Lane : std::uint8_t {
    usual,
    passwords,  // of its own: guessing passwords must not take the others from everybody
};

struct Route {
    std::string_view method;
    std::string_view pattern;  // "/v1/rooms/{room}/messages"
    Gate gate = Gate::signed_in;
    Handler handler = nullptr;
    std::size_t body_limit = 64 * 1024;
    Reads reads = Reads::by_get;
    Lane lane = Lane::usual;
};

/// Every route there is.
const std::vector<Route>& routes();

struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> path;
    std::string allowed;  // methods, when only the method does not fit
};
/// Fails when the path is not percent-encoded UTF-8 without U+0000.
Result<Match> match(std::string_view method, std::string_view path);

Result<std::multimap<std::string, std::string, std::less<>>> read_query(std::string_view query);

net::HttpResponse json_response(int status, std::string body);
net::HttpResponse error_response(const Error& error, std::string_view request);

}  // namespace pchat::api

// SPDX-License-Identifier: Apache-2.0
#include "server/api/router.h"

#include "base/unicode.h"
#include "server/api/routes.h"
#include "server/wire/http_body.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace pchat::api {
namespace {

using Parameters = std::map<std::string, std::string, std::less<>>;

int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Percent-decoded, UTF-8 and without U+0000; none when it is not.
std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_blank) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0)
                return std::nullopt;
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (first_invalid_utf8(out) || out.find('\0') != std::string::npos)
        return std::nullopt;
    return out;
}

std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> out;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const std::size_t end = std::min(path.find('/'), path.size());
        out.push_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return out;
}

bool fits(
    const std::vector<std::string_view>& pattern,
    const std::vector<std::string_view>& path,
    std::vector<std::pair<std::string_view, std::string_view>>& taken
) {
    if (pattern.size() != path.size())
        return false;
    taken.clear();
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool variable = !pattern[i].empty() && pattern[i].front() == '{';
        if (variable && !path[i].empty())
            taken.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), path[i]);
        else if (pattern[i] != path[i])
            return false;
    }
    return true;
}

tl::unexpected<Error> bad_target(std::string_view part) {
    return fail_as(
        "bad-request",
        Errc::usage,
        fmt::format("the {} is not percent-encoded UTF-8", part),
        "encode what is neither letter nor digit as %XX"
    );
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number out{};
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (problem != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return out;
}

}  // namespace

std::string_view to_string(Gate gate) {
    switch (gate) {
    case Gate::open:
        return "open";
    case Gate::signed_in:
        return "signed-in";
    case Gate::viewer:
        return "viewer";
    case Gate::user_admin:
        return "user-admin";
    case Gate::policy_admin:
        return "user-admin or pchat-admin";
    case Gate::pchat_admin:
        return "pchat-admin";
    case Gate::deploy_admin:
        return "deploy-admin";
    case Gate::compliance_officer:
        return "compliance-officer";
    case Gate::administrator:
        return "administrator";
    }
    return "";
}

bool opens(const Person& person, Gate gate) {
    const auto has = [&](AdminRole role) { return person.has(role); };
    switch (gate) {
    case Gate::open:
    case Gate::signed_in:
        return true;
    case Gate::viewer:  // who may change something may look at it
        return has(AdminRole::viewer) || has(AdminRole::user_admin) ||
               has(AdminRole::pchat_admin) || has(AdminRole::deploy_admin) ||
               has(AdminRole::compliance_officer);
    case Gate::user_admin:
        return has(AdminRole::user_admin);
    case Gate::policy_admin:
        return has(AdminRole::user_admin) || has(AdminRole::pchat_admin);
    case Gate::pchat_admin:
        return has(AdminRole::pchat_admin);
    case Gate::deploy_admin:
        return has(AdminRole::deploy_admin);
    case Gate::compliance_officer:
        return has(AdminRole::compliance_officer);
    case Gate::administrator:
        return has(AdminRole::administrator);
    }
    return false;
}

Error role_missing(const Call& call, Gate gate) {
    std::string_view role = to_string(gate);
    role = role.substr(0, role.find(' '));  // of two that would do the first
    Error out;
    out.code = Errc::denied;
    out.reason = "role-missing";
    out.message = fmt::format("this needs the role {}", to_string(gate));
    const bool user_has = call.identity && call.identity->narrowed() &&
                          call.services.chat.directory().read([&](const DirectoryState& state) {
                              return opens(state.person(call.identity->user), gate);
                          });
    out.hint =
        user_has
            ? fmt::format("this token was made without it: pchatctl token create --role {}", role)
            : fmt::format(
                  "an administrator can grant it: pchatctl user set {} --add-role {}",
                  call.actor().name,
                  role
              );
    return out;
}

Actor Call::actor() const {
    Actor out;
    out.user = person.id;
    out.address = request.peer;
    out.request = id;
    out.name = services.chat.directory().read([&](const DirectoryState& state) {
        const KnownPrincipal* known = state.principal(person.id);
        return known == nullptr ? std::string{} : known->written();
    });
    return out;
}

bool Call::dry_run() const {
    const auto found = query.find("dry_run");
    return found != query.end() && found->second == "true";
}

Result<int> Call::limit(int usual, int most) const {
    const auto found = query.find("limit");
    if (found == query.end())
        return usual;
    const auto value = number<int>(found->second);
    if (!value || *value < 1 || *value > most)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("limit must be from 1 to {}, got '{}'", most, found->second),
            {},
            "limit"
        );
    return *value;
}

std::optional<std::string> Call::cursor() const {
    const auto found = query.find("cursor");
    return found == query.end() ? std::nullopt : std::optional{found->second};
}

Result<std::optional<std::int64_t>> Call::if_match() const {
    std::string_view text = request.header("If-Match");
    if (text.empty() || text == "*")
        return std::optional<std::int64_t>{};
    if (text.size() > 2 && text.front() == '"' && text.back() == '"')
        text = text.substr(1, text.size() - 2);
    const auto revision = number<std::int64_t>(text);
    if (!revision)
        return fail_as(
            "bad-value",
            Errc::invalid,
            "If-Match must hold the ETag that a GET has given",
            {},
            "If-Match"
        );
    return std::optional<std::int64_t>{*revision};
}

Result<Match> match(std::string_view method, std::string_view path) {
    Match out;
    const std::vector<std::string_view> parts = segments(path);
    std::vector<std::pair<std::string_view, std::string_view>> taken;
    for (const Route& route : routes()) {
        if (!fits(segments(route.pattern), parts, taken))
            continue;
        const bool head = method == "HEAD" && route.method == "GET";
        if (route.method != method && !head) {
            out.allowed += out.allowed.empty() ? "" : ", ";
            out.allowed += route.method;
            continue;
        }
        for (const auto& [name, value] : taken) {
            std::optional<std::string> decoded = decode(value, false);
            if (!decoded)
                return bad_target("path");
            out.path.emplace(name, std::move(*decoded));
        }
        out.route = &route;
        return out;
    }
    return out;
}

Result<std::multimap<std::string, std::string, std::less<>>> read_query(std::string_view query) {
    constexpr std::size_t most = 50;
    std::multimap<std::string, std::string, std::less<>> out;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view part = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (part.empty())
            continue;
        const std::size_t equals = std::min(part.find('='), part.size());
        const auto name = decode(part.substr(0, equals), true);
        const auto value = decode(part.substr(std::min(equals + 1, part.size())), true);
        if (!name || !value || out.size() >= most)
            return bad_target("query");
        out.emplace(*name, *value);
    }
    return out;
}

net::HttpResponse json_response(int status, std::string body) {
    net::HttpResponse out;
    out.status = status;
    out.headers = {
        {"Content-Type", "application/json"},
        {"Cache-Control", "no-store"},
        {"X-Content-Type-Options", "nosniff"}};
    out.body = std::move(body);
    return out;
}

net::HttpResponse error_response(const Error& error, std::string_view request) {
    net::HttpResponse out =
        json_response(error_class(error.code).http_status, wire::error_body(error, request));
    if (error.code == Errc::signed_out)
        out.headers.emplace_back("WWW-Authenticate", "Bearer");
    if (error.code == Errc::too_many)
        out.headers.emplace_back("Retry-After", "1");
    return out;
}

}  // namespace pchat::api

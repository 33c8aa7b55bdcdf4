// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/sql_place.h"

#include "base/unicode.h"
#include "topology/rules/directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

constexpr std::int64_t default_port(Engine engine) {
    return engine == Engine::postgresql ? 5432 : 1433;
}

}  // namespace

bool has_place(const SqlInstance& instance) {
    if (!instance.engine.given())
        return false;
    if (*instance.engine == Engine::sqlite)
        return stated(instance.path);
    return stated(instance.server) && instance.instance.known() && instance.port.known();
}

bool same_place(const SqlInstance& a, const SqlInstance& b) {
    if (!has_place(a) || !has_place(b) || *a.engine != *b.engine)
        return false;
    if (*a.engine == Engine::sqlite)
        return tidy_path(*a.path) == tidy_path(*b.path);
    return same_host(a.server, b.server) && equal_ignoring_case(*a.instance, *b.instance) &&
           port_of(a) == port_of(b);
}

bool same_server(const SqlInstance& a, const SqlInstance& b) {
    return stated(a.server) && stated(b.server) && same_host(a.server, b.server);
}

std::string place_name(const SqlInstance& instance) {
    if (instance.engine.given() && *instance.engine == Engine::sqlite)
        return tidy_path(*instance.path);
    std::string place = *instance.server;
    if (stated(instance.instance))
        place += fmt::format("\\{}", *instance.instance);
    if (instance.port.given() && *instance.port != default_port(*instance.engine))
        place += fmt::format(":{}", instance.port.value);
    return place;
}

std::int64_t port_of(const SqlInstance& instance) {
    return instance.port.given() ? *instance.port : default_port(*instance.engine);
}

std::string tidy_path(std::string_view path) {
    const bool absolute = path.starts_with('/');
    std::string out;
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (!part.empty() && part != ".")
            out += fmt::format("{}{}", out.empty() && !absolute ? "" : "/", part);
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    if (out.empty())
        return absolute ? "/" : ".";
    return out;
}

std::string_view release_of(const SqlInstance& instance) {
    const std::string_view version = *instance.version;
    return version.substr(0, version.find_first_of(" -"));
}

bool has_good_release(const SqlInstance& instance) {
    constexpr std::array<std::string_view, 6> good_releases{
        "2012", "2014", "2016", "2017", "2019", "2022"};
    return std::find(good_releases.begin(), good_releases.end(), release_of(instance)) !=
           good_releases.end();
}

std::string_view to_string(Engine engine) {
    switch (engine) {
    case Engine::sqlserver:
        return "sqlserver";
    case Engine::postgresql:
        return "postgresql";
    case Engine::sqlite:
        return "sqlite";
    }
    return "";
}

}  // namespace pchat::topology

// SPDX-License-Identifier: Apache-2.0
// schemas/openapi.yaml names the routes of the table and no others. What they answer is looked at
// by tests/e2e/openapi_test.py.
#include "base/config/document.h"
#include "generated/folders.h"
#include "server/api/router.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

using namespace pchat;
using config::Node;

namespace {

/// A row of either side.
struct Operation {
    std::string role;
    std::set<std::string> variables;

    bool operator==(const Operation& other) const = default;
};
using Operations = std::map<std::string, Operation>;  // by "GET /v1/rooms/{room}"

// Answered before the table is looked at.
constexpr std::array beside_the_table{"GET /healthz", "GET /metrics", "GET /readyz", "GET /v1/ws"};

const Node& at(const Node& node, std::string_view key) {
    const config::Entry* entry = node.find(key);
    INFO(key);
    REQUIRE(entry != nullptr);
    return entry->value;
}

config::Document read() {
    std::ifstream file{PCHAT_SOURCE_DIR "/schemas/openapi.yaml"};
    REQUIRE(file.is_open());
    config::Document out = config::read_document(
        "openapi.yaml", {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}}
    );
    REQUIRE(out.problems.empty());
    REQUIRE(out.root);
    return out;
}

/// The variables that a path declares, each by a reference to the parameter of its name.
std::set<std::string> declared(const Node& root, const Node& path) {
    constexpr std::string_view place = "#/components/parameters/";
    std::set<std::string> out;
    const config::Entry* parameters = path.find("parameters");
    if (parameters == nullptr)
        return out;
    for (const Node& one : parameters->value.items) {
        const std::string& reference = at(one, "$ref").value;
        REQUIRE(reference.rfind(place, 0) == 0);
        const Node& known =
            at(at(at(root, "components"), "parameters"), reference.substr(place.size()));
        CHECK(at(known, "in").value == "path");
        out.insert(at(known, "name").value);
    }
    return out;
}

Operations documented() {
    const config::Document document = read();
    Operations out;
    for (const config::Entry& path : at(*document.root, "paths").entries)
        for (const config::Entry& method : path.value.entries) {
            if (method.key.value == "parameters")
                continue;
            std::string name;
            for (const char c : method.key.value)
                name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            out[fmt::format("{} {}", name, path.key.value)] = {
                at(method.value, "x-role").value, declared(*document.root, path.value)};
        }
    return out;
}

std::set<std::string> variables(std::string_view pattern) {
    std::set<std::string> out;
    for (std::size_t begin = pattern.find('{'); begin != std::string_view::npos;
         begin = pattern.find('{', begin + 1))
        out.emplace(pattern.substr(begin + 1, pattern.find('}', begin) - begin - 1));
    return out;
}

Operations routed() {
    Operations out;
    for (const api::Route& route : api::routes())
        out[fmt::format("{} {}", route.method, route.pattern)] = {
            std::string{to_string(route.gate)}, variables(route.pattern)};
    return out;
}

}  // namespace

TEST_CASE("openapi: the document has every route, with its role and variables", "[openapi]") {
    const Operations document = documented();
    for (const auto& [name, route] : routed()) {
        INFO(name << " belongs into schemas/openapi.yaml");
        const auto found = document.find(name);
        if (found == document.end()) {
            CHECK(found != document.end());
            continue;
        }
        CHECK(found->second.role == route.role);
        CHECK(found->second.variables == route.variables);
    }
}

TEST_CASE("openapi: the document has no route that the server has not", "[openapi]") {
    Operations document = documented();
    for (const char* name : beside_the_table)
        CHECK(document.erase(name) == 1);
    for (const auto& [name, route] : routed())
        document.erase(name);
    for (const auto& [name, operation] : document) {
        INFO(name << " is in schemas/openapi.yaml, but in no table of routes");
        CHECK(false);
    }
}

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/topology_admin.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"
#include "topology/templates.h"

#include <string>
#include <string_view>

namespace pchat::test {

/// A good document of the pool pchat.contoso.example at the site redmond.
inline std::string topology_text() {
    Result<std::string> text = topology::fill_template("enterprise-multiple", {});
    REQUIRE_OK(text);
    return *text;
}

/// The document with something else in place of each `from`, which must be there.
inline std::string with(std::string text, std::string_view from, std::string_view to) {
    std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    for (; at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// The same document with the site paris besides.
inline std::string topology_with_paris() {
    return with(
        topology_text(),
        "\n  sites:\n",
        "\n  sites:\n    - {name: paris, defaultPool: pchat.contoso.example}\n"
    );
}

inline TopologyWish document(std::string text, std::string comment = {}) {
    return {std::move(text), {}, std::move(comment)};
}

/// Publishes it as sip:admin; the test fails when that is refused.
inline std::int64_t publish(ChatWorld& world, const std::string& text) {
    const auto done = publish_topology(*world.changes, world.as("admin"), document(text));
    REQUIRE_OK(done);
    return done->version.version;
}

}  // namespace pchat::test

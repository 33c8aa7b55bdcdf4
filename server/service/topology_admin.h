// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/diagnostic.h"
#include "server/service/admin_call.h"
#include "server/service/changes.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pchat {

constexpr std::size_t largest_topology = std::size_t{4} * 1024 * 1024;  // bytes, as pchatctl reads
constexpr std::size_t longest_comment = 256;                            // code points

/// What is to be published: a document, or the text of an older version again.
struct TopologyWish {
    std::optional<std::string> document;
    std::optional<std::int64_t> version;
    std::string comment;
};

/// The topology as it is published now, or would be.
struct TopologyChange {
    TopologyVersion version;
    std::int64_t before = 0;            // the version that counted until now; 0: none
    bool made = false;                  // not when it was the same already
    std::vector<std::string> changes;   // a line each, as `topology diff` has them
    std::vector<std::string> warnings;  // what rules say that does not stand in the way
};

/// Waits; the caller has asked for the role. Judges the document by every rule, and the way to it
/// from what is published now; errors refuse it. The servers know its sites, pools and SIP domains
/// when it returns. Nothing is written when the text is the same.
Result<TopologyChange> publish_topology(
    Changes& changes, const AdminCall& call, const TopologyWish& wish
);

/// Waits. The latest one, or a certain one.
Result<TopologyVersion> get_topology(
    ContentDatabase& content, std::optional<std::int64_t> version = {}
);
/// Waits. Newest first, without documents.
Result<std::vector<TopologyVersion>> list_topologies(ContentDatabase& content, int limit);

}  // namespace pchat

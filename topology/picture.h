// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/model.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::topology {

/// What a box stands for. `missing` is a name that something refers to and nothing defines.
enum class BoxKind : std::uint8_t {
    front_end,
    machine_active,
    machine_standby,
    database,
    file_store,
    other_server,
    missing
};

/// What a frame holds.
enum class GroupKind : std::uint8_t {
    site,
    other_servers,
    pool,
    machines,
    databases,
    file_stores,
    unused
};

enum class EdgeKind : std::uint8_t { next_hop, database, backup, back_end, mirror, witness, files };

/// Words for the legend and for readers that see no colours.
std::string_view to_string(BoxKind kind);
std::string_view to_string(EdgeKind kind);

struct Box {
    BoxKind kind = BoxKind::missing;
    std::string title;
    std::vector<std::string> lines = {};
    std::size_t group = 0;
    std::size_t row = 0;  // boxes of one row belong together: ...
    std::size_t rank =
        0;  // ... a database, its mirror, its witness; or a front end and its back end
};

inline constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

struct Group {
    GroupKind kind = GroupKind::site;
    std::string title;
    std::vector<std::string> lines = {};
    std::size_t parent = no_parent;
    std::size_t band = 0;  // databases and file stores stand beside the pool with this number
};

/// One end of an edge: a box, or (a pool's end) a whole group.
struct End {
    enum class What : std::uint8_t { box, group } what = What::box;
    std::size_t index = 0;
    bool operator==(const End&) const = default;
};

struct Edge {
    End from;
    End to;
    EdgeKind kind = EdgeKind::database;
    std::string label;
};

/// A topology as boxes in frames with edges between them: what is drawn, not yet where. Parents
/// stand before their children; references inside are valid indices whatever the document looked
/// like.
struct Picture {
    std::string title;
    std::vector<std::string> facts;  // "domain contoso.example", "60,000 concurrent users"
    std::vector<Group> groups;
    std::vector<Box> boxes;
    std::vector<Edge> edges;
};

Picture make_picture(const Topology& topology);

}  // namespace pchat::topology

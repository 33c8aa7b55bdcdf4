// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/picture.h"

#include <cstddef>
#include <string>
#include <vector>

namespace pchat::topology {

struct Point {
    double x = 0;
    double y = 0;
};

struct Rect {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;

    [[nodiscard]] double right() const { return x + width; }
    [[nodiscard]] double bottom() const { return y + height; }
    [[nodiscard]] double middle() const { return y + height / 2; }
};

/// Text of a box or a frame, broken into lines that fit.
struct TextBlock {
    std::vector<std::string> title;
    std::vector<std::string> lines;
};

/// An edge as it is drawn: corners from its start to its end, and where its label stands on it.
struct Route {
    std::vector<Point> points;
    Point label;                // on the base line of the text, at its end or ...
    bool label_begins = false;  // ... at its start
};

/// Where everything stands. Same indices as the Picture's groups, boxes and edges.
struct Layout {
    double width = 0;
    double height = 0;
    std::vector<Rect> groups;
    std::vector<TextBlock> group_text;
    std::vector<Rect> boxes;
    std::vector<TextBlock> box_text;
    std::vector<Route> routes;
};

/// Measures of the drawing that the layout and whoever draws agree on.
namespace measure {
inline constexpr double title_size = 13;
inline constexpr double line_size = 11.5;
inline constexpr double label_size = 11;
inline constexpr double line_height = 16;
inline constexpr double box_padding = 10;
inline constexpr double icon = 24;  // left of a box's title
inline constexpr double frame_padding = 14;
}  // namespace measure

/// Columns from left to right: front ends by site, pools, databases with mirror and witness beside
/// them. Edges run in the gutters between the columns, each on its own track, so no line or label
/// crosses a box. The picture starts at (0, 0).
Layout lay_out(const Picture& picture);

}  // namespace pchat::topology

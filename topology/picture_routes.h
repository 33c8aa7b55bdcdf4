// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/picture_layout.h"

#include <array>
#include <vector>

namespace pchat::topology {

/// Front ends, pools, databases, mirrors, witnesses.
inline constexpr std::size_t column_count = 5;
inline constexpr double port_distance = 19;

/// The free strip right of a column.
struct Gutter {
    double left = 0;
    double right = 0;
};

enum class Side : std::uint8_t { left, right, below, above };

/// Which sides of its two things an edge touches, and how it gets from one to the other.
struct Wire {
    enum class Way : std::uint8_t {
        across,   // to the next column, through the gutter between
        around,   // within one column, through the gutter right of it
        stacked,  // straight down to the box below
        under,    // to a far column, beneath everything
    };
    Way way = Way::across;
    std::size_t from_column = 0;
    std::size_t to_column = 0;
    Side from_side = Side::right;
    Side to_side = Side::left;
};

struct Wiring {
    std::vector<Wire> wires;  // one per edge
    std::vector<std::array<std::size_t, 2>>
        box_ports;  // per box: how many on the left, on the right
    std::vector<std::array<std::size_t, 2>> group_ports;
};

std::size_t column_of(const Picture& picture, const Box& box);
Wiring wire(const Picture& picture);
/// Whether the box right below in the same stack is reached by a straight line down.
bool stacked_below(const Picture& picture, const Box& upper, const Box& lower);

/// Finds the lines. Ports first (heights only), then the tracks inside each gutter, then the
/// corners.
class Routing {
public:
    Routing(const Picture& picture, const Wiring& wiring, Layout& layout);

    void choose_ports_and_tracks(double bottom);
    [[nodiscard]] std::array<double, column_count> gutter_widths() const;
    void draw(const std::array<Gutter, column_count>& gutters);
    [[nodiscard]] double bottom() const { return bottom_; }

private:
    /// A vertical piece in a gutter: heights at which it leaves to the left and to the right.
    struct Piece {
        std::size_t edge = 0;
        bool at_target = false;
        double left_y = 0;
        double right_y = 0;
        bool around = false;
        std::size_t track = 0;
    };
    struct Ports {
        double from = 0;
        double to = 0;
        double lane = 0;
    };

    void choose_ports();
    void spread_ports(const End& end, Side side, std::vector<std::size_t> edges);
    void collect_pieces();
    void add_piece(std::size_t gutter, std::size_t edge, bool at_target, double start, double end);
    static std::size_t assign_tracks(std::vector<Piece>& pieces);
    [[nodiscard]] const Rect& rect(const End& end) const;
    [[nodiscard]] double track_x(std::size_t gutter, std::size_t edge, bool at_target) const;
    void draw_edge(std::size_t edge);
    void place_label(std::size_t edge);

    const Picture& picture_;
    const Wiring& wiring_;
    Layout& layout_;
    std::vector<Ports> ports_;
    std::array<std::vector<Piece>, column_count> pieces_;
    std::array<std::size_t, column_count> tracks_{};
    std::array<double, column_count> left_label_{};  // room for labels of edges that come back
    std::array<double, column_count>
        right_label_{};  // room for labels before the column on the right
    std::array<Gutter, column_count> gutters_{};
    double bottom_ = 0;
};

}  // namespace pchat::topology

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/picture_layout.h"
#include "topology/picture_routes.h"

#include <array>
#include <vector>

namespace pchat::topology {

/// Gives boxes and frames their sizes and places. Heights come first: which tracks the edges need,
/// and so how wide the gutters are, follows from them.
class BoxPlacement {
public:
    BoxPlacement(const Picture& picture, const Wiring& wiring, Layout& layout);

    void place_vertically();
    void place_unused(double below);
    void place_horizontally(const std::array<double, column_count>& gutter_widths);

    /// Of all that is placed so far.
    [[nodiscard]] double bottom() const { return bottom_; }
    [[nodiscard]] double right() const { return right_; }
    /// The strip right of each column.
    [[nodiscard]] const std::array<Gutter, column_count>& gutters() const { return gutters_; }

private:
    void measure_boxes();
    void measure_groups();
    void measure_columns();

    void stack_bands();
    double stack_band(const std::vector<std::size_t>& groups, double top);
    void stack_sites();
    double place_frame(std::size_t group, double top);
    double place_tiles(std::size_t group, double top);
    double place_rows(std::size_t group, double top);
    double place_stack(std::size_t group, double top);
    void move_down(std::size_t group, double by);
    [[nodiscard]] double wanted_middle(std::size_t group) const;

    void spread_tiles(std::size_t group, double x, double width);
    void spread_storage(std::size_t group, double x);
    void spread_stack(std::size_t group, double x);
    [[nodiscard]] double natural_width(std::size_t group) const;
    [[nodiscard]] std::size_t tiles_across(std::size_t group) const;
    [[nodiscard]] double header_height(std::size_t group) const;
    [[nodiscard]] bool is_storage(std::size_t group) const;
    [[nodiscard]] bool is_left(std::size_t group) const;

    const Picture& picture_;
    const Wiring& wiring_;
    Layout& layout_;
    std::vector<std::vector<std::size_t>> boxes_of_;
    std::vector<std::vector<std::size_t>> children_of_;
    std::vector<double> header_width_;
    std::array<double, column_count> column_width_{};
    double unused_tile_ = 0;
    std::array<Gutter, column_count> gutters_{};
    double bottom_ = 0;
    double right_ = 0;
};

}  // namespace pchat::topology

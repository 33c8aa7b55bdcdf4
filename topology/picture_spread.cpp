// SPDX-License-Identifier: Apache-2.0
// The widths: columns, gutters, and what stands in them.
#include "topology/picture_boxes.h"

#include <algorithm>

namespace pchat::topology {

using namespace measure;

namespace {
constexpr double tile_gap = 12;
}

void BoxPlacement::place_horizontally(const std::array<double, column_count>& gutter_widths) {
    std::array<double, 2> frame_width{};  // sites, pools
    for (std::size_t i = 0; i < picture_.groups.size(); ++i) {
        if (is_left(i))
            frame_width[0] = std::max(frame_width[0], natural_width(i));
        else if (picture_.groups[i].kind == GroupKind::pool)
            frame_width[1] = std::max(frame_width[1], natural_width(i));
    }
    const double pools = frame_width[0] + gutter_widths[0];
    gutters_[0] = {frame_width[0], pools};
    const double storage = pools + frame_width[1] + gutter_widths[1];
    gutters_[1] = {pools + frame_width[1], storage};
    double x = storage + frame_padding;
    for (std::size_t column = 2; column < column_count; ++column) {
        x += column_width_[column];
        gutters_[column] = {x, x + gutter_widths[column]};
        x += gutter_widths[column];
    }
    for (std::size_t i = 0; i < picture_.groups.size(); ++i) {
        Rect& frame = layout_.groups[i];
        if (is_left(i)) {
            frame.width = frame_width[0];
            spread_stack(i, 0);
        } else if (picture_.groups[i].kind == GroupKind::pool) {
            spread_tiles(i, pools, frame_width[1]);
        } else if (picture_.groups[i].kind == GroupKind::unused) {
            spread_tiles(i, storage, natural_width(i));
        } else if (is_storage(i)) {
            spread_storage(i, storage);
        }
        right_ = std::max(right_, frame.right());
    }
    const bool comes_back = gutter_widths[4] > 0;
    right_ = std::max(right_, comes_back ? gutters_[4].right : 0.0);
}

double BoxPlacement::natural_width(std::size_t group) const {
    const GroupKind kind = picture_.groups[group].kind;
    double inner = 0;
    if (is_left(group)) {
        for (const std::size_t box : boxes_of_[group])
            inner = std::max(inner, layout_.boxes[box].width);
    } else if (!boxes_of_[group].empty()) {
        const auto across = static_cast<double>(tiles_across(group));
        const double tile = kind == GroupKind::unused ? unused_tile_ : column_width_[1];
        inner = across * tile + (across - 1) * tile_gap;
    }
    for (const std::size_t child : children_of_[group])
        inner = std::max(inner, natural_width(child));
    return std::max(inner + 2 * frame_padding, header_width_[group]);
}

void BoxPlacement::spread_stack(std::size_t group, double x) {
    layout_.groups[group].x = x;
    for (const std::size_t box : boxes_of_[group]) {
        layout_.boxes[box].x = x + frame_padding;
        layout_.boxes[box].width = layout_.groups[group].width - 2 * frame_padding;
    }
}

void BoxPlacement::spread_tiles(std::size_t group, double x, double width) {
    layout_.groups[group].x = x;
    layout_.groups[group].width = width;
    const std::vector<std::size_t>& boxes = boxes_of_[group];
    const std::size_t across = tiles_across(group);
    const double free = width - 2 * frame_padding - static_cast<double>(across - 1) * tile_gap;
    const double tile = free / static_cast<double>(across);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        Rect& rect = layout_.boxes[boxes[i]];
        rect.x = x + frame_padding + static_cast<double>(i % across) * (tile + tile_gap);
        rect.width = tile;
    }
    for (const std::size_t child : children_of_[group])
        spread_tiles(child, x + frame_padding, width - 2 * frame_padding);
}

void BoxPlacement::spread_storage(std::size_t group, double x) {
    Rect& frame = layout_.groups[group];
    frame.x = x;
    frame.width = header_width_[group];
    for (const std::size_t box : boxes_of_[group]) {
        const std::size_t column = column_of(picture_, picture_.boxes[box]);
        Rect& rect = layout_.boxes[box];
        rect.width = column_width_[column];
        rect.x = gutters_[column].left - rect.width;
        frame.width = std::max(frame.width, rect.right() + frame_padding - x);
    }
}

}  // namespace pchat::topology

// SPDX-License-Identifier: Apache-2.0
#include "topology/picture_boxes.h"

#include "topology/text_width.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace pchat::topology {

using namespace measure;

namespace {

constexpr double widest_box_text = 250;
constexpr double widest_header = 330;
constexpr double tile_gap = 12;
constexpr double row_gap = 16;
constexpr double stack_gap = 30;  // room for the line and its label between two boxes
constexpr double frame_gap = 18;
constexpr double band_gap = 40;
constexpr std::size_t unused_across = 3;

double widest(const TextBlock& text) {
    double width = 0;
    for (const std::string& line : text.title)
        width = std::max(width, text_width(line, title_size, Weight::bold));
    for (const std::string& line : text.lines)
        width = std::max(width, text_width(line, line_size));
    return width;
}

TextBlock break_text(
    const std::string& title, const std::vector<std::string>& lines, double width
) {
    TextBlock text;
    text.title = wrap_text(title, title_size, Weight::bold, width);
    for (const std::string& line : lines)
        for (std::string& part : wrap_text(line, line_size, Weight::normal, width))
            text.lines.push_back(std::move(part));
    return text;
}

double text_height(const TextBlock& text) {
    return static_cast<double>(text.title.size() + text.lines.size()) * line_height;
}

double height_for_ports(const std::array<std::size_t, 2>& ports) {
    return static_cast<double>(std::max(ports[0], ports[1])) * port_distance + 8;
}

}  // namespace

BoxPlacement::BoxPlacement(const Picture& picture, const Wiring& wiring, Layout& layout)
    : picture_(picture), wiring_(wiring), layout_(layout), boxes_of_(picture.groups.size()),
      children_of_(picture.groups.size()), header_width_(picture.groups.size()) {
    for (std::size_t i = 0; i < picture.boxes.size(); ++i)
        boxes_of_[picture.boxes[i].group].push_back(i);
    for (std::size_t i = 0; i < picture.groups.size(); ++i)
        if (picture.groups[i].parent != no_parent)
            children_of_[picture.groups[i].parent].push_back(i);
    for (auto& boxes : boxes_of_)
        std::stable_sort(boxes.begin(), boxes.end(), [&](std::size_t a, std::size_t b) {
            const Box& x = picture.boxes[a];
            const Box& y = picture.boxes[b];
            return x.row != y.row ? x.row < y.row : x.rank < y.rank;
        });
    measure_boxes();
    measure_groups();
    measure_columns();
}

void BoxPlacement::measure_boxes() {
    layout_.boxes.resize(picture_.boxes.size());
    for (std::size_t i = 0; i < picture_.boxes.size(); ++i) {
        const Box& box = picture_.boxes[i];
        layout_.box_text.push_back(break_text(box.title, box.lines, widest_box_text));
        const TextBlock& text = layout_.box_text.back();
        layout_.boxes[i].width = widest(text) + icon + 2 * box_padding;
        layout_.boxes[i].height =
            std::max(text_height(text) + 2 * box_padding, height_for_ports(wiring_.box_ports[i]));
    }
}

void BoxPlacement::measure_groups() {
    layout_.groups.resize(picture_.groups.size());
    for (std::size_t i = 0; i < picture_.groups.size(); ++i) {
        const Group& group = picture_.groups[i];
        layout_.group_text.push_back(break_text(group.title, group.lines, widest_header));
        header_width_[i] = widest(layout_.group_text.back()) + 2 * frame_padding;
    }
}

void BoxPlacement::measure_columns() {
    for (std::size_t i = 0; i < picture_.boxes.size(); ++i) {
        const Box& box = picture_.boxes[i];
        const bool unused = picture_.groups[box.group].kind == GroupKind::unused;
        double& width = unused ? unused_tile_ : column_width_[column_of(picture_, box)];
        width = std::max(width, layout_.boxes[i].width);
    }
}

bool BoxPlacement::is_left(std::size_t group) const {
    const GroupKind kind = picture_.groups[group].kind;
    return kind == GroupKind::site || kind == GroupKind::other_servers;
}

bool BoxPlacement::is_storage(std::size_t group) const {
    const GroupKind kind = picture_.groups[group].kind;
    return kind == GroupKind::databases || kind == GroupKind::file_stores;
}

double BoxPlacement::header_height(std::size_t group) const {
    return text_height(layout_.group_text[group]) + frame_padding + 6;
}

std::size_t BoxPlacement::tiles_across(std::size_t group) const {
    const std::size_t count = boxes_of_[group].size();
    if (picture_.groups[group].kind == GroupKind::unused)
        return std::clamp<std::size_t>(count, 1, unused_across);
    if (count <= 12)
        return count <= 1 ? 1 : 2;
    return static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count))));
}

// ---- heights ----

void BoxPlacement::place_vertically() {
    stack_bands();
    stack_sites();
    for (const Rect& group : layout_.groups)
        bottom_ = std::max(bottom_, group.bottom());
}

/// Below the lines too: a grid fills the whole width.
void BoxPlacement::place_unused(double below) {
    bottom_ = std::max(bottom_, below);
    for (std::size_t i = 0; i < picture_.groups.size(); ++i)
        if (picture_.groups[i].kind == GroupKind::unused)
            bottom_ = place_frame(i, bottom_ + (bottom_ > 0 ? band_gap : 0));
}

void BoxPlacement::stack_bands() {
    std::map<std::size_t, std::vector<std::size_t>> bands;
    for (std::size_t i = 0; i < picture_.groups.size(); ++i)
        if (picture_.groups[i].kind == GroupKind::pool || is_storage(i))
            bands[picture_.groups[i].band].push_back(i);
    double top = 0;
    for (const auto& [band, groups] : bands)
        top = stack_band(groups, top) + band_gap;
}

/// A pool and, beside it, its storage: both in the middle of whatever is taller.
double BoxPlacement::stack_band(const std::vector<std::size_t>& groups, double top) {
    double pool_bottom = top;
    double storage_bottom = top;
    for (const std::size_t group : groups) {
        double& bottom = is_storage(group) ? storage_bottom : pool_bottom;
        bottom = place_frame(group, bottom == top ? top : bottom + frame_gap);
    }
    const double bottom = std::max(pool_bottom, storage_bottom);
    for (const std::size_t group : groups)
        move_down(group, (bottom - (is_storage(group) ? storage_bottom : pool_bottom)) / 2);
    return bottom;
}

void BoxPlacement::stack_sites() {
    std::vector<std::size_t> sites;
    for (std::size_t i = 0; i < picture_.groups.size(); ++i)
        if (is_left(i))
            sites.push_back(i);
    std::stable_sort(sites.begin(), sites.end(), [&](std::size_t a, std::size_t b) {
        return wanted_middle(a) < wanted_middle(b);
    });
    double top = 0;
    for (const std::size_t site : sites) {
        const double height = place_frame(site, top) - top;
        const double wanted = wanted_middle(site);
        const double down = std::isinf(wanted) ? 0 : std::max(0.0, wanted - height / 2 - top);
        move_down(site, down);
        top += down + height + frame_gap;
    }
}

/// The middle of the pools whose next hop stands in the frame; infinite when there is none.
double BoxPlacement::wanted_middle(std::size_t group) const {
    double sum = 0;
    double count = 0;
    for (const Edge& edge : picture_.edges) {
        if (edge.kind != EdgeKind::next_hop || picture_.boxes[edge.to.index].group != group)
            continue;
        sum += layout_.groups[edge.from.index].middle();
        ++count;
    }
    return count > 0 ? sum / count : HUGE_VAL;
}

double BoxPlacement::place_frame(std::size_t group, double top) {
    Rect& frame = layout_.groups[group];
    frame.y = top;
    double y = top + header_height(group);
    switch (picture_.groups[group].kind) {
    case GroupKind::pool:
    case GroupKind::machines:
    case GroupKind::unused:
        y = place_tiles(group, y);
        break;
    case GroupKind::databases:
    case GroupKind::file_stores:
        y = place_rows(group, y);
        break;
    case GroupKind::site:
    case GroupKind::other_servers:
        y = place_stack(group, y);
        break;
    }
    for (const std::size_t child : children_of_[group])
        y = place_frame(child, y) + tile_gap;
    if (!children_of_[group].empty())
        y -= tile_gap;
    frame.height = std::max(y + frame_padding - top, height_for_ports(wiring_.group_ports[group]));
    return frame.bottom();
}

double BoxPlacement::place_tiles(std::size_t group, double top) {
    const std::vector<std::size_t>& boxes = boxes_of_[group];
    const std::size_t across = tiles_across(group);
    double y = top;
    for (std::size_t first = 0; first < boxes.size(); first += across) {
        const std::size_t end = std::min(first + across, boxes.size());
        double height = 0;
        for (std::size_t i = first; i < end; ++i)
            height = std::max(height, layout_.boxes[boxes[i]].height);
        for (std::size_t i = first; i < end; ++i) {
            layout_.boxes[boxes[i]].y = y;
            layout_.boxes[boxes[i]].height = height;
        }
        y += height + tile_gap;
    }
    const bool more = !children_of_[group].empty();
    return boxes.empty() || more ? y : y - tile_gap;
}

double BoxPlacement::place_rows(std::size_t group, double top) {
    const std::vector<std::size_t>& boxes = boxes_of_[group];
    double y = top;
    for (std::size_t first = 0; first < boxes.size();) {
        std::size_t end = first;
        double height = 0;
        while (end < boxes.size() &&
               picture_.boxes[boxes[end]].row == picture_.boxes[boxes[first]].row)
            height = std::max(height, layout_.boxes[boxes[end++]].height);
        for (; first < end; ++first) {
            layout_.boxes[boxes[first]].y = y;
            layout_.boxes[boxes[first]].height = height;
        }
        y += height + row_gap;
    }
    return boxes.empty() ? y : y - row_gap;
}

double BoxPlacement::place_stack(std::size_t group, double top) {
    const std::vector<std::size_t>& boxes = boxes_of_[group];
    double y = top;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        Rect& rect = layout_.boxes[boxes[i]];
        rect.y = y;
        const bool tied =
            i + 1 < boxes.size() &&
            stacked_below(picture_, picture_.boxes[boxes[i]], picture_.boxes[boxes[i + 1]]);
        y = rect.bottom() + (i + 1 == boxes.size() ? 0 : tied ? stack_gap : tile_gap);
    }
    return y;
}

void BoxPlacement::move_down(std::size_t group, double by) {
    layout_.groups[group].y += by;
    for (const std::size_t box : boxes_of_[group])
        layout_.boxes[box].y += by;
    for (const std::size_t child : children_of_[group])
        move_down(child, by);
}

}  // namespace pchat::topology

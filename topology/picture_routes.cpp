// SPDX-License-Identifier: Apache-2.0
#include "topology/picture_routes.h"

#include "topology/text_width.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace pchat::topology {

namespace {

constexpr double track_distance = 11;
constexpr double gutter_margin = 14;
constexpr double label_margin = 8;
constexpr double lane_distance = 18;
constexpr double nearly_straight = 0.5;
constexpr double narrowest_gutter = 30;

}  // namespace

std::size_t column_of(const Picture& picture, const Box& box) {
    switch (picture.groups[box.group].kind) {
    case GroupKind::site:
    case GroupKind::other_servers:
        return 0;
    case GroupKind::pool:
    case GroupKind::machines:
        return 1;
    case GroupKind::databases:
    case GroupKind::file_stores:
    case GroupKind::unused:
        break;
    }
    return std::min<std::size_t>(2 + box.rank, column_count - 1);
}

bool stacked_below(const Picture& picture, const Box& upper, const Box& lower) {
    return column_of(picture, upper) == 0 && upper.group == lower.group && upper.row == lower.row &&
           lower.rank == upper.rank + 1;
}

namespace {

Wire wire_of(const Picture& picture, const Edge& edge) {
    const auto column = [&](const End& end) {
        return end.what == End::What::group ? 1 : column_of(picture, picture.boxes[end.index]);
    };
    Wire wire;
    wire.from_column = column(edge.from);
    wire.to_column = column(edge.to);
    const std::size_t apart =
        std::max(wire.from_column, wire.to_column) - std::min(wire.from_column, wire.to_column);
    if (apart == 0) {
        const bool boxes = edge.from.what == End::What::box && edge.to.what == End::What::box;
        const bool stacked =
            boxes &&
            stacked_below(picture, picture.boxes[edge.from.index], picture.boxes[edge.to.index]);
        wire.way = stacked ? Wire::Way::stacked : Wire::Way::around;
        wire.from_side = stacked ? Side::below : Side::right;
        wire.to_side = stacked ? Side::above : Side::right;
        return wire;
    }
    wire.way = apart == 1 ? Wire::Way::across : Wire::Way::under;
    const bool rightwards = wire.from_column < wire.to_column;
    wire.from_side = rightwards ? Side::right : Side::left;
    wire.to_side = rightwards ? Side::left : Side::right;
    return wire;
}

/// The gutter that a side of a column looks into.
std::size_t gutter_at(std::size_t column, Side side) {
    return side == Side::right ? column : column - 1;
}

}  // namespace

Wiring wire(const Picture& picture) {
    Wiring wiring;
    wiring.box_ports.resize(picture.boxes.size());
    wiring.group_ports.resize(picture.groups.size());
    const auto count = [&](const End& end, Side side) {
        if (side == Side::above || side == Side::below)
            return;
        auto& ports = end.what == End::What::box ? wiring.box_ports : wiring.group_ports;
        ++ports[end.index][side == Side::left ? 0 : 1];
    };
    for (const Edge& edge : picture.edges) {
        const Wire wire = wire_of(picture, edge);
        count(edge.from, wire.from_side);
        count(edge.to, wire.to_side);
        wiring.wires.push_back(wire);
    }
    return wiring;
}

Routing::Routing(const Picture& picture, const Wiring& wiring, Layout& layout)
    : picture_(picture), wiring_(wiring), layout_(layout), ports_(picture.edges.size()) {}

const Rect& Routing::rect(const End& end) const {
    return end.what == End::What::box ? layout_.boxes[end.index] : layout_.groups[end.index];
}

void Routing::choose_ports_and_tracks(double bottom) {
    bottom_ = bottom;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        if (wiring_.wires[i].way == Wire::Way::under)
            bottom_ = ports_[i].lane = bottom_ + lane_distance;
    }
    choose_ports();
    collect_pieces();
    for (std::size_t gutter = 0; gutter < column_count; ++gutter)
        tracks_[gutter] = assign_tracks(pieces_[gutter]);
}

void Routing::choose_ports() {
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        ports_[i].from = rect(picture_.edges[i].from).middle();
        ports_[i].to = rect(picture_.edges[i].to).middle();
    }
    using Key = std::pair<std::pair<bool, std::size_t>, Side>;
    std::map<Key, std::vector<std::size_t>> sides;
    const auto collect = [&](const End& end, Side side, std::size_t edge) {
        if (side == Side::left || side == Side::right)
            sides[{{end.what == End::What::group, end.index}, side}].push_back(edge);
    };
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        collect(picture_.edges[i].from, wiring_.wires[i].from_side, i);
        collect(picture_.edges[i].to, wiring_.wires[i].to_side, i);
    }
    // Boxes first: a pool's frame is tall enough to meet them at their own height.
    for (const bool frames : {false, true}) {
        for (const auto& [key, edges] : sides) {
            const auto& [end, side] = key;
            if (end.first == frames)
                spread_ports({frames ? End::What::group : End::What::box, end.second}, side, edges);
        }
    }
}

void Routing::spread_ports(const End& end, Side side, std::vector<std::size_t> edges) {
    const auto is_from = [&](std::size_t edge) {
        return picture_.edges[edge].from == end && wiring_.wires[edge].from_side == side;
    };
    const auto other_y = [&](std::size_t edge) {
        if (wiring_.wires[edge].way == Wire::Way::under)
            return ports_[edge].lane;
        return is_from(edge) ? ports_[edge].to : ports_[edge].from;
    };
    std::stable_sort(edges.begin(), edges.end(), [&](std::size_t a, std::size_t b) {
        return other_y(a) < other_y(b);
    });
    const Rect& area = rect(end);
    const auto count = static_cast<double>(edges.size());
    std::vector<double> heights;
    if (end.what == End::What::box) {
        const double step = std::min(port_distance, area.height / (count + 1));
        for (std::size_t i = 0; i < edges.size(); ++i)
            heights.push_back(area.middle() + (static_cast<double>(i) - (count - 1) / 2) * step);
    } else {
        // As straight as the frame and the neighbours allow.
        double lowest = area.y + port_distance / 2;
        for (const std::size_t edge : edges) {
            heights.push_back(std::max(lowest, other_y(edge)));
            lowest = heights.back() + port_distance;
        }
        double highest = area.bottom() - port_distance / 2;
        for (std::size_t i = heights.size(); i-- > 0;) {
            heights[i] = std::min(heights[i], highest);
            highest = heights[i] - port_distance;
        }
    }
    for (std::size_t i = 0; i < edges.size(); ++i) {
        // What refers to itself has both ends here, one after the other.
        const bool second = i > 0 && edges[i - 1] == edges[i];
        Ports& ports = ports_[edges[i]];
        (is_from(edges[i]) && !second ? ports.from : ports.to) = heights[i];
    }
}

void Routing::collect_pieces() {
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        const Wire& wire = wiring_.wires[i];
        if (wire.way == Wire::Way::stacked)
            continue;
        const Ports& port = ports_[i];
        const double label =
            text_width(picture_.edges[i].label, measure::label_size) + 2 * label_margin;
        const std::size_t first = gutter_at(wire.from_column, wire.from_side);
        const std::size_t last = gutter_at(wire.to_column, wire.to_side);
        // The label stands where the line meets the column on the right, or comes back to its own.
        const bool around = wire.way == Wire::Way::around;
        double& room = around ? left_label_[first] : right_label_[last];
        room = std::max(room, label);
        if (around) {
            pieces_[first].push_back({i, false, port.from, port.to, true, 0});
        } else if (wire.way == Wire::Way::under) {
            add_piece(first, i, false, port.from, port.lane);
            add_piece(last, i, true, port.lane, port.to);
        } else if (std::abs(port.from - port.to) > nearly_straight) {
            add_piece(first, i, false, port.from, port.to);
        }
    }
}

void Routing::add_piece(
    std::size_t gutter, std::size_t edge, bool at_target, double start, double end
) {
    const bool rightwards = wiring_.wires[edge].from_side == Side::right;
    pieces_[gutter].push_back(
        {edge, at_target, rightwards ? start : end, rightwards ? end : start, false, 0}
    );
}

std::size_t Routing::assign_tracks(std::vector<Piece>& pieces) {
    // Lines that go down keep apart when the lowest start turns first, lines that go up when the
    // highest does; those that come back turn before all others.
    const auto order = [](const Piece& piece) {
        const bool down = piece.right_y > piece.left_y;
        const int kind = piece.around ? 0 : down ? 2 : 1;
        return std::pair{kind, down ? -piece.left_y : piece.left_y};
    };
    std::stable_sort(pieces.begin(), pieces.end(), [&](const Piece& a, const Piece& b) {
        return order(a) < order(b);
    });
    const auto overlap = [](const Piece& a, const Piece& b) {
        const auto [a_top, a_bottom] = std::minmax(a.left_y, a.right_y);
        const auto [b_top, b_bottom] = std::minmax(b.left_y, b.right_y);
        return a_top < b_bottom + port_distance && b_top < a_bottom + port_distance;
    };
    std::size_t tracks = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        for (std::size_t before = 0; before < i; ++before)
            if (overlap(pieces[before], pieces[i]))
                pieces[i].track = std::max(pieces[i].track, pieces[before].track + 1);
        tracks = std::max(tracks, pieces[i].track + 1);
    }
    return tracks;
}

std::array<double, column_count> Routing::gutter_widths() const {
    std::array<double, column_count> widths{};
    for (std::size_t i = 0; i < column_count; ++i) {
        const double tracks = static_cast<double>(tracks_[i]) * track_distance;
        const double labels = left_label_[i] + right_label_[i];
        if (tracks + labels > 0 || i < 2)
            widths[i] = std::max(narrowest_gutter, tracks + labels + 2 * gutter_margin);
    }
    return widths;
}

double Routing::track_x(std::size_t gutter, std::size_t edge, bool at_target) const {
    const auto& pieces = pieces_[gutter];
    const auto found = std::find_if(pieces.begin(), pieces.end(), [&](const Piece& piece) {
        return piece.edge == edge && piece.at_target == at_target;
    });
    const std::size_t track = found == pieces.end() ? 0 : found->track;
    return gutters_[gutter].left + gutter_margin + left_label_[gutter] +
           static_cast<double>(track) * track_distance;
}

void Routing::draw(const std::array<Gutter, column_count>& gutters) {
    gutters_ = gutters;
    layout_.routes.resize(picture_.edges.size());
    for (std::size_t i = 0; i < picture_.edges.size(); ++i) {
        draw_edge(i);
        place_label(i);
    }
}

void Routing::draw_edge(std::size_t edge) {
    const Wire& wire = wiring_.wires[edge];
    const Rect& from = rect(picture_.edges[edge].from);
    const Rect& to = rect(picture_.edges[edge].to);
    const Ports& port = ports_[edge];
    std::vector<Point>& points = layout_.routes[edge].points;
    if (wire.way == Wire::Way::stacked) {
        const double x = from.x + measure::box_padding + measure::icon / 2;
        points = {{x, from.bottom()}, {x, to.y}};
        return;
    }
    const Point start{wire.from_side == Side::right ? from.right() : from.x, port.from};
    const Point end{wire.to_side == Side::right ? to.right() : to.x, port.to};
    const std::size_t first = gutter_at(wire.from_column, wire.from_side);
    const std::size_t last = gutter_at(wire.to_column, wire.to_side);
    const double x = track_x(first, edge, false);
    points = {start};
    if (wire.way == Wire::Way::under) {
        const double back = track_x(last, edge, true);
        points.insert(
            points.end(), {{x, port.from}, {x, port.lane}, {back, port.lane}, {back, port.to}}
        );
    } else if (wire.way == Wire::Way::around || std::abs(port.from - port.to) > nearly_straight) {
        points.insert(points.end(), {{x, port.from}, {x, port.to}});
    }
    points.push_back(end);
}

void Routing::place_label(std::size_t edge) {
    const Wire& wire = wiring_.wires[edge];
    const Ports& port = ports_[edge];
    Route& route = layout_.routes[edge];
    if (wire.way == Wire::Way::stacked) {
        const double middle = (route.points.front().y + route.points.back().y) / 2;
        route.label = {route.points.front().x + label_margin, middle + 4};
        route.label_begins = true;
        return;
    }
    if (wire.way == Wire::Way::around) {
        const std::size_t gutter = gutter_at(wire.from_column, wire.from_side);
        route.label = {gutters_[gutter].left + label_margin + measure::frame_padding, port.to - 4};
        route.label_begins = true;
        return;
    }
    const std::size_t gutter = gutter_at(wire.to_column, wire.to_side);
    const bool rightwards = wire.to_side == Side::left;
    const bool start_is_right = wire.way == Wire::Way::across && !rightwards;
    route.label = {
        gutters_[gutter].right - label_margin, (start_is_right ? port.from : port.to) - 4};
    if (wire.way == Wire::Way::under && !rightwards)
        route.label.x = track_x(gutter, edge, true) - 4;
}

}  // namespace pchat::topology

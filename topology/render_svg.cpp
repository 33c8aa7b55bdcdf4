// SPDX-License-Identifier: Apache-2.0
#include "topology/picture.h"
#include "topology/picture_layout.h"
#include "topology/render.h"
#include "topology/svg_style.h"
#include "topology/text_width.h"
#include "topology/xml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace pchat::topology {

using namespace measure;

namespace {

constexpr double page_margin = 28;
constexpr double heading_size = 22;
constexpr double facts_size = 13;
constexpr double narrowest_page = 620;
constexpr double corner = 7;
constexpr double swatch = 34;
constexpr double legend_row = 26;

/// Writes one SVG document; every text goes through xml_text().
class SvgWriter {
public:
    explicit SvgWriter(const Picture& picture) : picture_(picture), layout_(lay_out(picture)) {
        collect_legend();
        width_ = std::max(layout_.width, narrowest_page);
        heading_ = wrap_text(picture.title, heading_size, Weight::bold, width_);
        facts_ = wrap_facts();
        top_ = page_margin + static_cast<double>(heading_.size()) * 30 +
               static_cast<double>(facts_.size()) * 19 + 14;
        place_legend();
    }

    std::string write() {
        open_page();
        put(R"svg(<g transform="translate({:g} {:g})">)svg", page_margin, top_);
        for (std::size_t i = 0; i < picture_.groups.size(); ++i)
            draw_frame(i);
        for (std::size_t i = 0; i < picture_.edges.size(); ++i)
            draw_edge(i);
        for (std::size_t i = 0; i < picture_.boxes.size(); ++i)
            draw_box(i);
        put("</g>");
        draw_legend();
        put("</svg>");
        return std::move(out_);
    }

private:
    struct LegendItem {
        bool is_edge = false;
        BoxKind box = BoxKind::missing;
        EdgeKind edge = EdgeKind::database;
        Point at = {};
    };

    template <class... A>
    void put(fmt::format_string<A...> format, A&&... args) {
        fmt::format_to(std::back_inserter(out_), format, std::forward<A>(args)...);
        out_ += '\n';
    }

    void put_text(double x, double y, std::string_view css, std::string_view text) {
        put(R"(<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>)", css, x, y, xml_text(text));
    }

    [[nodiscard]] std::vector<std::string> wrap_facts() const {
        std::string all;
        for (const std::string& fact : picture_.facts)
            all += (all.empty() ? "" : " · ") + fact;
        return wrap_text(all, facts_size, Weight::normal, width_);
    }

    void open_page() {
        const double width = width_ + 2 * page_margin;
        put(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" )"
            R"(viewBox="0 0 {0:.0f} {1:.0f}" role="img" aria-labelledby="title desc">)",
            width,
            height_);
        put(R"(<title id="title">{}</title>)", xml_text(picture_.title));
        put(R"(<desc id="desc">{}</desc>)", xml_text(description()));
        put("<style>{}</style>", svg_style);
        put("<defs>");
        for (const LegendItem& item : legend_)
            if (item.is_edge && item.edge != EdgeKind::witness)
                put(R"(<marker id="tip-{0}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" )"
                    R"(markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">)"
                    R"(<path class="tip {0}" d="M0 0.5L8 4L0 7.5z"/></marker>)",
                    svg_class(item.edge));
        put("</defs>");
        put(R"(<rect class="page" width="{:.0f}" height="{:.0f}"/>)", width, height_);
        double y = page_margin + heading_size;
        for (const std::string& line : heading_) {
            put_text(page_margin, y, "heading", line);
            y += 30;
        }
        y -= 6;
        for (const std::string& line : facts_) {
            put_text(page_margin, y, "facts", line);
            y += 19;
        }
    }

    /// For those who cannot see it: what is drawn, in words.
    [[nodiscard]] std::string description() const {
        std::string text;
        for (const Group& group : picture_.groups)
            if (group.kind == GroupKind::pool) {
                text += fmt::format("Pool {}", group.title);
                for (const std::string& line : group.lines)
                    text += ", " + line;
                text += ". ";
            }
        for (const Edge& edge : picture_.edges)
            text += fmt::format("{}: {} to {}. ", edge.label, name(edge.from), name(edge.to));
        return text;
    }

    [[nodiscard]] const std::string& name(const End& end) const {
        return end.what == End::What::box ? picture_.boxes[end.index].title
                                          : picture_.groups[end.index].title;
    }

    void draw_frame(std::size_t index) {
        const Rect& rect = layout_.groups[index];
        put(R"(<rect class="frame {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="8"/>)",
            svg_class(picture_.groups[index].kind),
            rect.x,
            rect.y,
            rect.width,
            rect.height);
        double y = rect.y + frame_padding + 9;
        for (const std::string& line : layout_.group_text[index].title) {
            put_text(rect.x + frame_padding, y, "title", line);
            y += line_height;
        }
        for (const std::string& line : layout_.group_text[index].lines) {
            put_text(rect.x + frame_padding, y, "line", line);
            y += line_height;
        }
    }

    void draw_box(std::size_t index) {
        const Rect& rect = layout_.boxes[index];
        const BoxKind kind = picture_.boxes[index].kind;
        const TextBlock& text = layout_.box_text[index];
        const bool filled = kind == BoxKind::machine_active;
        put("<g><title>{}: {}</title>", to_string(kind), xml_text(picture_.boxes[index].title));
        put(R"(<rect class="box {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="5"/>)",
            svg_class(kind),
            rect.x,
            rect.y,
            rect.width,
            rect.height);
        const double block =
            static_cast<double>(text.title.size() + text.lines.size()) * line_height;
        double y = rect.y + (rect.height - block) / 2 + 12;
        put(R"svg(<path class="icon {}" transform="translate({:.1f} {:.1f})" d="{}"/>)svg",
            filled ? "on-active" : svg_class(kind),
            rect.x + box_padding,
            y - 11,
            svg_icon(kind));
        for (const std::string& line : text.title) {
            put_text(rect.x + box_padding + icon, y, filled ? "title on-active" : "title", line);
            y += line_height;
        }
        for (const std::string& line : text.lines) {
            put_text(rect.x + box_padding + icon, y, filled ? "line on-active" : "line", line);
            y += line_height;
        }
        put("</g>");
    }

    void draw_edge(std::size_t index) {
        const Edge& edge = picture_.edges[index];
        const Route& route = layout_.routes[index];
        put("<g><title>{}: {} to {}</title>",
            xml_text(edge.label),
            xml_text(name(edge.from)),
            xml_text(name(edge.to)));
        draw_line(edge.kind, route.points);
        if (!edge.label.empty())
            put(R"(<text class="label" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)",
                route.label.x,
                route.label.y,
                route.label_begins ? "start" : "end",
                xml_text(edge.label));
        put("</g>");
    }

    void draw_line(EdgeKind kind, const std::vector<Point>& points) {
        std::string path = fmt::format("M{:.1f} {:.1f}", points.front().x, points.front().y);
        for (std::size_t i = 1; i + 1 < points.size(); ++i) {
            const Point before = towards(points[i], points[i - 1]);
            const Point after = towards(points[i], points[i + 1]);
            path += fmt::format(
                "L{:.1f} {:.1f}Q{:.1f} {:.1f} {:.1f} {:.1f}",
                before.x,
                before.y,
                points[i].x,
                points[i].y,
                after.x,
                after.y
            );
        }
        path += fmt::format("L{:.1f} {:.1f}", points.back().x, points.back().y);
        const std::string tip =
            kind == EdgeKind::witness
                ? std::string{}
                : fmt::format(R"svg( marker-end="url(#tip-{})")svg", svg_class(kind));
        put(R"(<path class="edge {}"{} d="{}"/>)", svg_class(kind), tip, path);
    }

    /// Where the rounding of a corner begins: a little way from it towards its neighbour.
    static Point towards(const Point& from, const Point& to) {
        const double dx = to.x - from.x;
        const double dy = to.y - from.y;
        const double length = std::hypot(dx, dy);
        if (length == 0)
            return from;
        const double step = std::min(corner, length / 2);
        return {from.x + dx / length * step, from.y + dy / length * step};
    }

    void collect_legend() {
        for (const BoxKind kind :
             {BoxKind::front_end,
              BoxKind::machine_active,
              BoxKind::machine_standby,
              BoxKind::database,
              BoxKind::file_store,
              BoxKind::other_server,
              BoxKind::missing})
            if (std::any_of(picture_.boxes.begin(), picture_.boxes.end(), [kind](const Box& box) {
                    return box.kind == kind;
                }))
                legend_.push_back({.is_edge = false, .box = kind});
        for (const EdgeKind kind :
             {EdgeKind::next_hop,
              EdgeKind::database,
              EdgeKind::backup,
              EdgeKind::mirror,
              EdgeKind::witness,
              EdgeKind::back_end,
              EdgeKind::files})
            if (std::any_of(picture_.edges.begin(), picture_.edges.end(), [kind](const Edge& edge) {
                    return edge.kind == kind;
                }))
                legend_.push_back({.is_edge = true, .edge = kind});
    }

    [[nodiscard]] static std::string_view words(const LegendItem& item) {
        return item.is_edge ? to_string(item.edge) : to_string(item.box);
    }

    void place_legend() {
        double x = 0;
        double y = top_ + layout_.height + 34;
        for (LegendItem& item : legend_) {
            const double width = swatch + 8 + text_width(words(item), line_size) + 22;
            if (x > 0 && x + width > width_) {
                x = 0;
                y += legend_row;
            }
            item.at = {page_margin + x, y};
            x += width;
        }
        height_ = y + page_margin;
    }

    void draw_legend() {
        for (const LegendItem& item : legend_) {
            if (item.is_edge)
                draw_line(item.edge, {item.at, {item.at.x + swatch, item.at.y}});
            else
                put(R"(<rect class="box {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="16" rx="4"/>)",
                    svg_class(item.box),
                    item.at.x,
                    item.at.y - 8,
                    swatch);
            put_text(item.at.x + swatch + 8, item.at.y + 4, "line", words(item));
        }
    }

    const Picture& picture_;
    Layout layout_;
    std::vector<LegendItem> legend_;
    std::vector<std::string> heading_;
    std::vector<std::string> facts_;
    double width_ = 0;
    double height_ = 0;
    double top_ = 0;
    std::string out_;
};

}  // namespace

std::string render_svg(const Topology& topology) {
    const Picture picture = make_picture(topology);
    return SvgWriter(picture).write();
}

}  // namespace pchat::topology

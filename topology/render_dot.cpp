// SPDX-License-Identifier: Apache-2.0
#include "topology/picture.h"
#include "topology/render.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace pchat::topology {

namespace {

/// The inside of a quoted label: neither quotes, nor escapes like \N, nor entities get through.
std::string dot_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '&':
            out += "&amp;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

std::string label_of(
    const std::string& title, const std::vector<std::string>& lines, std::string_view line_end
) {
    std::string label = dot_text(title) + std::string{line_end};
    for (const std::string& line : lines)
        label += dot_text(line) + std::string{line_end};
    return label;
}

std::string_view box_style(BoxKind kind) {
    switch (kind) {
    case BoxKind::front_end:
        return R"(color="#6b4fa0")";
    case BoxKind::machine_active:
        return R"(style="rounded,filled", fillcolor="#1f5fa8", color="#174a84", fontcolor="#ffffff")";
    case BoxKind::machine_standby:
        return R"(style="rounded,dashed", color="#1f5fa8")";
    case BoxKind::database:
        return R"(shape=cylinder, style="", color="#2f7d5b")";
    case BoxKind::file_store:
        return R"(shape=folder, style="", color="#a4660c")";
    case BoxKind::other_server:
        return R"(color="#7b8794")";
    case BoxKind::missing:
        return R"(style="dashed", color="#b42318")";
    }
    return "";
}

std::string_view edge_style(EdgeKind kind) {
    switch (kind) {
    case EdgeKind::next_hop:
        return R"(color="#6b4fa0")";
    case EdgeKind::database:
        return R"(color="#2f7d5b")";
    case EdgeKind::backup:
        return R"(color="#2f7d5b", style=dashed)";
    case EdgeKind::back_end:
        return R"(color="#52606d")";
    case EdgeKind::mirror:
        return R"(color="#2f7d5b", penwidth=2)";
    case EdgeKind::witness:
        return R"(color="#52606d", style=dotted, arrowhead=none)";
    case EdgeKind::files:
        return R"(color="#a4660c")";
    }
    return "";
}

class DotWriter {
public:
    explicit DotWriter(const Picture& picture) : picture_(picture) {}

    std::string write() {
        put("digraph topology {{");
        put(R"(  graph [rankdir=LR, compound=true, labelloc=t, labeljust=l, fontname="sans-serif", )"
            R"(ranksep=1, label="{}"];)",
            label_of(picture_.title, picture_.facts, "\\l"));
        put(R"(  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];)");
        put(R"(  edge [fontname="sans-serif", fontsize=10];)");
        for (std::size_t i = 0; i < picture_.groups.size(); ++i)
            if (picture_.groups[i].parent == no_parent)
                put_group(i, "  ");
        for (const Edge& edge : picture_.edges)
            put_edge(edge);
        put("}}");
        return std::move(out_);
    }

private:
    template <class... A>
    void put(fmt::format_string<A...> format, A&&... args) {
        fmt::format_to(std::back_inserter(out_), format, std::forward<A>(args)...);
        out_ += '\n';
    }

    void put_group(std::size_t index, const std::string& indent) {
        const Group& group = picture_.groups[index];
        put("{}subgraph cluster_g{} {{", indent, index);
        put(R"({}  label="{}"; style=rounded; color="#9aa5b1";)",
            indent,
            label_of(group.title, group.lines, "\\l"));
        // An edge of a whole frame ends at this point, clipped where it meets the frame.
        put(R"({}  g{} [shape=point, style=invis, label=""];)", indent, index);
        for (std::size_t i = 0; i < picture_.boxes.size(); ++i)
            if (picture_.boxes[i].group == index)
                put(R"({}  b{} [label="{}", {}];)",
                    indent,
                    i,
                    label_of(picture_.boxes[i].title, picture_.boxes[i].lines, "\\n"),
                    box_style(picture_.boxes[i].kind));
        for (std::size_t i = index + 1; i < picture_.groups.size(); ++i)
            if (picture_.groups[i].parent == index)
                put_group(i, indent + "  ");
        put("{}}}", indent);
    }

    void put_edge(const Edge& edge) {
        const auto node = [](const End& end) {
            return fmt::format("{}{}", end.what == End::What::box ? 'b' : 'g', end.index);
        };
        std::string clip;
        if (edge.from.what == End::What::group)
            clip = fmt::format("ltail=cluster_g{}, ", edge.from.index);
        put(R"(  {} -> {} [{}label="{}", {}];)",
            node(edge.from),
            node(edge.to),
            clip,
            dot_text(edge.label),
            edge_style(edge.kind));
    }

    const Picture& picture_;
    std::string out_;
};

}  // namespace

std::string render_dot(const Topology& topology) {
    const Picture picture = make_picture(topology);
    return DotWriter(picture).write();
}

}  // namespace pchat::topology

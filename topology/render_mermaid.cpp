// SPDX-License-Identifier: Apache-2.0
#include "topology/picture.h"
#include "topology/render.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace pchat::topology {

namespace {

/// The inside of a quoted label. Everything that Mermaid could take for its own syntax, for a
/// directive (%%{...}) or for HTML becomes a numeric entity.
std::string mermaid_text(std::string_view text) {
    const std::string_view harmless = " .,:/()-_";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (word || byte >= 0x80 || harmless.find(c) != std::string_view::npos)
            out += c;
        else
            out += fmt::format("#{};", byte);
    }
    return out;
}

/// The same for the title, which is a double-quoted YAML string before the diagram.
std::string front_matter_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (c == '%')
            out += "\\x25";
        else
            out += c;
    }
    return out;
}

std::string label_of(const std::string& title, const std::vector<std::string>& lines) {
    std::string label = mermaid_text(title);
    for (const std::string& line : lines)
        label += "<br/>" + mermaid_text(line);
    return label;
}

std::string_view css_class(BoxKind kind) {
    switch (kind) {
    case BoxKind::front_end:
        return "frontEnd";
    case BoxKind::machine_active:
        return "active";
    case BoxKind::machine_standby:
        return "standby";
    case BoxKind::database:
        return "database";
    case BoxKind::file_store:
        return "fileStore";
    case BoxKind::other_server:
        return "other";
    case BoxKind::missing:
        return "missing";
    }
    return "";
}

std::string_view arrow(EdgeKind kind) {
    switch (kind) {
    case EdgeKind::backup:
        return "-.->";
    case EdgeKind::witness:
        return "-.-";
    case EdgeKind::mirror:
        return "==>";
    case EdgeKind::next_hop:
    case EdgeKind::database:
    case EdgeKind::back_end:
    case EdgeKind::files:
        return "-->";
    }
    return "-->";
}

constexpr std::string_view classes = R"(  classDef frontEnd stroke:#6b4fa0
  classDef active fill:#1f5fa8,stroke:#174a84,color:#ffffff
  classDef standby stroke:#1f5fa8,stroke-dasharray:5 3
  classDef database stroke:#2f7d5b
  classDef fileStore stroke:#a4660c
  classDef other stroke:#7b8794
  classDef missing stroke:#b42318,stroke-dasharray:3 3
)";

class MermaidWriter {
public:
    explicit MermaidWriter(const Picture& picture) : picture_(picture) {}

    std::string write() {
        put("---\ntitle: \"{}\"\n---", front_matter_text(picture_.title));
        put("flowchart LR");
        for (std::size_t i = 0; i < picture_.groups.size(); ++i)
            if (picture_.groups[i].parent == no_parent)
                put_group(i, "  ");
        for (const Edge& edge : picture_.edges)
            put("  {} {}|\"{}\"| {}",
                node(edge.from),
                arrow(edge.kind),
                mermaid_text(edge.label),
                node(edge.to));
        out_ += classes;
        return std::move(out_);
    }

private:
    template <class... A>
    void put(fmt::format_string<A...> format, A&&... args) {
        fmt::format_to(std::back_inserter(out_), format, std::forward<A>(args)...);
        out_ += '\n';
    }

    static std::string node(const End& end) {
        return fmt::format("{}{}", end.what == End::What::box ? 'b' : 'g', end.index);
    }

    void put_group(std::size_t index, const std::string& indent) {
        const Group& group = picture_.groups[index];
        put(R"({}subgraph g{}["{}"])", indent, index, label_of(group.title, group.lines));
        for (std::size_t i = 0; i < picture_.boxes.size(); ++i)
            if (picture_.boxes[i].group == index)
                put_box(i, indent);
        for (std::size_t i = index + 1; i < picture_.groups.size(); ++i)
            if (picture_.groups[i].parent == index)
                put_group(i, indent + "  ");
        put("{}end", indent);
    }

    void put_box(std::size_t index, const std::string& indent) {
        const Box& box = picture_.boxes[index];
        const bool round = box.kind == BoxKind::database;
        put(R"({}  b{}{}"{}"{}:::{})",
            indent,
            index,
            round ? "[(" : "[",
            label_of(box.title, box.lines),
            round ? ")]" : "]",
            css_class(box.kind));
    }

    const Picture& picture_;
    std::string out_;
};

}  // namespace

std::string render_mermaid(const Topology& topology) {
    const Picture picture = make_picture(topology);
    return MermaidWriter(picture).write();
}

}  // namespace pchat::topology

// SPDX-License-Identifier: Apache-2.0
// What must hold of every picture, however odd the document: text stays in its box, boxes stay
// apart, and neither lines nor labels run over a box.
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "topology/parse.h"
#include "topology/picture_layout.h"
#include "topology/text_width.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace pchat;
using namespace pchat::topology;
namespace fs = std::filesystem;

namespace {

constexpr double tolerance = 0.01;

bool overlap(const Rect& a, const Rect& b) {
    return a.x + tolerance < b.right() && b.x + tolerance < a.right() &&
           a.y + tolerance < b.bottom() && b.y + tolerance < a.bottom();
}

bool inside(const Rect& inner, const Rect& outer) {
    return inner.x + tolerance >= outer.x && inner.right() <= outer.right() + tolerance &&
           inner.y + tolerance >= outer.y && inner.bottom() <= outer.bottom() + tolerance;
}

Rect segment(const Point& a, const Point& b) {
    return {std::min(a.x, b.x), std::min(a.y, b.y), std::abs(a.x - b.x), std::abs(a.y - b.y)};
}

bool crosses(const Rect& line, const Rect& box) {
    return line.x < box.right() - tolerance && line.right() > box.x + tolerance &&
           line.y < box.bottom() - tolerance && line.bottom() > box.y + tolerance;
}

Rect label_area(const Edge& edge, const Route& route) {
    const double width = text_width(edge.label, measure::label_size);
    const double left = route.label_begins ? route.label.x : route.label.x - width;
    return {left, route.label.y - 9, width, 11};
}

double room_for_text(const Layout& layout, std::size_t box) {
    return layout.boxes[box].width - measure::icon - 2 * measure::box_padding;
}

void check_text(const Picture& picture, const Layout& layout) {
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        const TextBlock& text = layout.box_text[i];
        const double room = room_for_text(layout, i) + tolerance;
        for (const std::string& line : text.title)
            CHECK(text_width(line, measure::title_size, Weight::bold) <= room);
        for (const std::string& line : text.lines)
            CHECK(text_width(line, measure::line_size) <= room);
        const auto lines = static_cast<double>(text.title.size() + text.lines.size());
        CHECK(lines * measure::line_height <= layout.boxes[i].height - measure::box_padding);
    }
    for (std::size_t i = 0; i < picture.groups.size(); ++i) {
        const double room = layout.groups[i].width - 2 * measure::frame_padding + tolerance;
        for (const std::string& line : layout.group_text[i].title)
            CHECK(text_width(line, measure::title_size, Weight::bold) <= room);
        for (const std::string& line : layout.group_text[i].lines)
            CHECK(text_width(line, measure::line_size) <= room);
    }
}

void check_boxes(const Picture& picture, const Layout& layout) {
    for (std::size_t i = 0; i < picture.boxes.size(); ++i) {
        INFO(picture.boxes[i].title);
        CHECK(inside(layout.boxes[i], layout.groups[picture.boxes[i].group]));
        for (std::size_t j = 0; j < i; ++j)
            CHECK_FALSE(overlap(layout.boxes[i], layout.boxes[j]));
    }
    for (std::size_t i = 0; i < picture.groups.size(); ++i) {
        INFO(picture.groups[i].title);
        const std::size_t parent = picture.groups[i].parent;
        CHECK(inside(layout.groups[i], {0, 0, layout.width, layout.height}));
        if (parent != no_parent)
            CHECK(inside(layout.groups[i], layout.groups[parent]));
        for (std::size_t j = 0; j < i; ++j)
            if (picture.groups[j].parent == parent)
                CHECK_FALSE(overlap(layout.groups[i], layout.groups[j]));
    }
}

void check_edges(const Picture& picture, const Layout& layout) {
    for (std::size_t i = 0; i < picture.edges.size(); ++i) {
        const Edge& edge = picture.edges[i];
        const Route& route = layout.routes[i];
        INFO(edge.label);
        REQUIRE(route.points.size() >= 2);
        const Rect label = label_area(edge, route);
        for (std::size_t j = 0; j < picture.boxes.size(); ++j) {
            INFO(picture.boxes[j].title);
            const Rect& box = layout.boxes[j];
            for (std::size_t k = 0; k + 1 < route.points.size(); ++k)
                CHECK_FALSE(crosses(segment(route.points[k], route.points[k + 1]), box));
            CHECK_FALSE(overlap(label, box));
        }
        for (std::size_t j = 0; j < i; ++j) {
            INFO(picture.edges[j].label);
            CHECK_FALSE(overlap(label, label_area(picture.edges[j], layout.routes[j])));
        }
    }
}

void check(const std::string& name, const std::string& text) {
    INFO(name);
    const Picture picture = make_picture(parse(name, text).model);
    const Layout layout = lay_out(picture);
    check_text(picture, layout);
    check_boxes(picture, layout);
    check_edges(picture, layout);
}

std::vector<fs::path> documents() {
    std::vector<fs::path> files;
    for (const char* folder :
         {"examples", "topology/templates", "tests/data/graphs", "tests/data/topologies"})
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path{PCHAT_SOURCE_DIR} / folder))
            if (entry.path().extension() == ".yaml")
                files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Eight pools of eight machines and 200 instances, with mirrors, shared witnesses and backups.
std::string big_document() {
    std::string text = "spec:\n  dataCenters: [{name: dc1}, {name: dc2}]\n"
                       "  sites: [{name: a}, {name: b}]\n  frontEnds:\n";
    for (int i = 0; i < 4; ++i)
        text += fmt::format(
            "    - {{fqdn: fe{}.x.example, site: {}, sql: db{}}}\n", i, i % 2 ? "b" : "a", 190 + i
        );
    text += "  sqlInstances:\n";
    for (int i = 0; i < 200; ++i) {
        text += fmt::format(
            "    - {{name: db{}, server: sql{}.x.example, dataCenter: dc{}", i, i, 1 + i / 8 % 2
        );
        if (i < 32)
            text += fmt::format(", mirror: db{}, witness: db{}", i + 100, 150 + i / 4);
        text += "}\n";
    }
    text += "  fileStores: [{name: f1}, {name: f2}]\n  pools:\n";
    for (int i = 0; i < 8; ++i) {
        text += fmt::format(
            "    - fqdn: p{0}.x.example\n      nextHop: fe{1}.x.example\n      fileStore: f{2}\n"
            "      databases: {{content: db{3}, compliance: db{4}, backupContent: db{5}}}\n"
            "      machines:\n",
            i,
            i % 3,
            1 + i % 2,
            i * 4,
            i * 4 + 1,
            (i * 7 + 2) % 32
        );
        for (int j = 0; j < 8; ++j)
            text += fmt::format(
                "        - {{fqdn: m{}{}.x.example, active: {}, dataCenter: dc{}}}\n",
                i,
                j,
                j % 2 == 0,
                1 + j / 4
            );
    }
    return text;
}

}  // namespace

TEST_CASE("picture: nothing runs over anything, in every document of the tree", "[graph]") {
    for (const fs::path& file : documents())
        check(file.filename().string(), test::read_file(file));
}

TEST_CASE("picture: nothing runs over anything in a big deployment", "[graph]") {
    const std::string text = big_document();
    check("big", text);
    const Picture picture = make_picture(parse("big", text).model);
    CHECK(picture.boxes.size() == 8 * 8 + 200 + 4 + 2);
}

TEST_CASE("picture: a document with nothing in it has an empty picture", "[graph]") {
    check("nothing", "");
    const Picture picture = make_picture({});
    CHECK(picture.boxes.empty());
    CHECK(picture.edges.empty());
}

TEST_CASE("picture: every name that refers to nothing gets a box of its own", "[graph]") {
    const Picture picture =
        make_picture(parse(
                         "t",
                         "spec:\n  pools:\n    - fqdn: p.x.example\n      nextHop: fe.x.example\n"
                         "      fileStore: files\n      databases: {content: c, compliance: c}\n"
        )
                         .model);
    std::vector<std::string> missing;
    for (const Box& box : picture.boxes)
        if (box.kind == BoxKind::missing)
            missing.push_back(box.title);
    CHECK(missing == std::vector<std::string>{"fe.x.example", "c", "files"});
    REQUIRE(picture.edges.size() == 3);
    CHECK(picture.edges[1].label == "content, compliance");
}

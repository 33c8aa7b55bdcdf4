// SPDX-License-Identifier: Apache-2.0
// Pictures are compared whole with tests/data/graphs; PCHAT_TEST_ACCEPT=1 rewrites them, and review
// looks at them. tests/graphs/check lets the programs that will read them parse them.
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"
#include "topology/parse.h"
#include "topology/render.h"
#include "topology/text_width.h"
#include "topology/xml_text.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace pchat;
using namespace pchat::topology;
namespace fs = std::filesystem;

namespace {

const fs::path root{PCHAT_SOURCE_DIR};

Topology load(const fs::path& file) {
    return parse(file.filename().string(), test::read_file(file)).model;
}

void compare(const fs::path& expected, const std::string& picture) {
    INFO(expected);
    if (std::getenv("PCHAT_TEST_ACCEPT") != nullptr)
        std::ofstream(expected, std::ios::binary) << picture;
    REQUIRE(fs::exists(expected));
    CHECK(test::read_file(expected) == picture);
}

const std::vector<std::string> sources{
    "examples/embedded.yaml",
    "examples/standard-collocated.yaml",
    "examples/enterprise-multiple.yaml",
    "tests/data/topologies/ok/stretched.yaml",
    "tests/data/graphs/hostile.yaml"};

/// The names of elements that are open at the end, or what is wrong with the nesting.
std::string unbalanced(const std::string& xml) {
    std::vector<std::string> open;
    for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
        const std::size_t end = xml.find('>', at);
        if (end == std::string::npos)
            return "tag without end";
        const std::string tag = xml.substr(at + 1, end - at - 1);
        const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
        if (tag.front() == '/') {
            if (open.empty() || "/" + open.back() != name)
                return "closes " + name;
            open.pop_back();
        } else if (tag.back() != '/') {
            open.push_back(name);
        }
    }
    return open.empty() ? "" : "left open: " + open.back();
}

}  // namespace

TEST_CASE("topology graph: the pictures are the expected ones", "[graph]") {
    for (const std::string& source : sources) {
        const Topology model = load(root / source);
        const fs::path stem = root / "tests/data/graphs" / fs::path{source}.stem();
        compare(stem.string() + ".svg", render_svg(model));
        compare(stem.string() + ".dot", render_dot(model));
        compare(stem.string() + ".mmd", render_mermaid(model));
    }
}

TEST_CASE(
    "topology graph: an SVG is one accessible element without script or foreign parts", "[graph]"
) {
    for (const std::string& source : sources) {
        INFO(source);
        const std::string svg = render_svg(load(root / source));
        CHECK(unbalanced(svg).empty());
        CHECK_THAT(svg, Catch::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\""));
        CHECK_THAT(svg, Catch::Contains("role=\"img\"") && Catch::Contains("<title id=\"title\">"));
        CHECK_THAT(
            svg,
            !Catch::Contains("<script") && !Catch::Contains("<image") && !Catch::Contains("href")
        );
        CHECK_THAT(svg, !Catch::Contains("@import") && !Catch::Contains("<foreignObject"));
        CHECK_THAT(svg, Catch::Contains("prefers-color-scheme: dark"));
    }
}

TEST_CASE("topology graph: hostile names stay text", "[graph]") {
    const Topology model = load(root / "tests/data/graphs/hostile.yaml");
    const std::string svg = render_svg(model);
    CHECK_THAT(svg, Catch::Contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot;"));
    CHECK_THAT(svg, !Catch::Contains("</title>&amp;amp;</title>"));
    const std::string dot = render_dot(model);
    CHECK_THAT(dot, Catch::Contains(R"(x\"];a->b;//)"));
    CHECK_THAT(dot, Catch::Contains(R"(dc\\)") && Catch::Contains(R"(\\N\\G)"));
    CHECK_THAT(dot, Catch::Contains("&amp;lt;edge&amp;gt;"));
    const std::string mermaid = render_mermaid(model);
    CHECK_THAT(mermaid, !Catch::Contains("%%{") && !Catch::Contains("javascript:x\""));
    CHECK_THAT(mermaid, Catch::Contains("b0[\"m1<br/>active"));
}

TEST_CASE("topology graph: all three pictures name every host and instance", "[graph]") {
    const Topology model = load(root / "tests/data/topologies/ok/stretched.yaml");
    const std::string svg = render_svg(model);
    const std::string dot = render_dot(model);
    const std::string mermaid = render_mermaid(model);
    for (const char* name :
         {"pc1.contoso.example",
          "pc8.contoso.example",
          "fe3.contoso.example",
          "contentMirror",
          "witness1",
          "complianceBackupMirror",
          "beWitness",
          "nas1.contoso.example",
          "Site redmond",
          "dc2",
          "standby",
          "next hop",
          "backup of compliance"}) {
        INFO(name);
        CHECK_THAT(svg, Catch::Contains(name));
        CHECK_THAT(dot, Catch::Contains(name));
        CHECK_THAT(mermaid, Catch::Contains(name));
    }
}

TEST_CASE("xml text: what XML cannot hold is replaced", "[graph]") {
    CHECK(xml_text("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
    CHECK(xml_text(std::string_view("\0\x01\n", 3)) == "\xEF\xBF\xBD\xEF\xBF\xBD\n");
    CHECK(xml_text("\xEF\xBF\xBE") == "\xEF\xBF\xBD");  // U+FFFE
    CHECK(xml_text("\xFF\xC3") == "\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(xml_text("日本") == "日本");
}

TEST_CASE("text width: lines are broken where host names and paths can be", "[graph]") {
    const double width = text_width("pchat.contoso.", 12);
    CHECK(
        wrap_text("pchat.contoso.example", 12, Weight::normal, width) ==
        std::vector<std::string>{"pchat.contoso.", "example"}
    );
    CHECK(wrap_text("", 12, Weight::normal, 10) == std::vector<std::string>{""});
    CHECK(wrap_text("ab", 12, Weight::normal, 1) == std::vector<std::string>{"a", "b"});
    CHECK(
        wrap_text("a b", 12, Weight::normal, text_width("a", 12)) ==
        std::vector<std::string>{"a", "b"}
    );
}

TEST_CASE("text width: wide characters take more room, combining ones none", "[graph]") {
    CHECK(text_width("日", 12) > text_width("a", 12));
    CHECK(text_width("e\xCC\x81", 12) == text_width("e", 12));
    CHECK(text_width("W", 12, Weight::bold) > text_width("W", 12));
}

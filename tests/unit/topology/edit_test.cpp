// SPDX-License-Identifier: Apache-2.0
// Every file of tests/data/edits is one edit, the text before it, and exactly the lines that
// change.
#include "generated/folders.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/topology/edit_case.h"

#include <filesystem>
#include <map>
#include <set>

using namespace pchat;
using namespace pchat::test;

namespace {

std::map<std::string, std::string> sections_of(const std::string& file) {
    std::map<std::string, std::string> sections;
    std::string name;
    for (std::size_t at = 0; at < file.size();) {
        const std::size_t end = std::min(file.find('\n', at), file.size() - 1) + 1;
        const std::string line = file.substr(at, end - at);
        if (line.starts_with("== "))
            name = line.substr(3, line.size() - 4);
        else if (!name.empty())
            sections[name] += line;
        at = end;
    }
    return sections;
}

std::set<std::filesystem::path> case_files() {
    std::set<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(PCHAT_SOURCE_DIR "/tests/data/edits"))
        files.insert(entry.path());
    return files;
}

std::string with_crlf(const std::string& text) {
    std::string out;
    for (const char c : text)
        out += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return out;
}

bool every_line_ends_in_crlf(const std::string& text) {
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
        if (at == 0 || text[at - 1] != '\r')
            return false;
    return true;
}

void check(const EditCase& edit, const std::string& before, const std::string& diff) {
    const auto after = run_edit(edit, before);
    REQUIRE_OK(after);
    CHECK(changed_lines(before, *after) == diff);
}

}  // namespace

TEST_CASE("topology edit: changes exactly the lines that it means", "[edit]") {
    const auto files = case_files();
    REQUIRE(files.size() > 30);
    for (const auto& path : files) {
        const auto sections = sections_of(read_file(path));
        const EditCase edit = parse_edit(sections.at("edit"));
        const std::string& before = sections.at("before");
        const std::string& diff = sections.contains("diff") ? sections.at("diff") : "";
        INFO(path.filename());
        check(edit, before, diff);

        INFO("with a byte order mark");
        const auto marked = run_edit(edit, "\xEF\xBB\xBF" + before);
        REQUIRE_OK(marked);
        CHECK(marked->substr(3) == *run_edit(edit, before));

        INFO("with CRLF");
        const auto windows = run_edit(edit, with_crlf(before));
        REQUIRE_OK(windows);
        CHECK(every_line_ends_in_crlf(*windows));
        CHECK(*windows == with_crlf(*run_edit(edit, before)));

        INFO("without a line end at the end");
        const auto open_end = run_edit(edit, before.substr(0, before.size() - 1));
        REQUIRE_OK(open_end);
        CHECK(*open_end + "\n" == *run_edit(edit, before));
    }
}

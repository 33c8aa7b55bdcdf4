// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "generated/folders.h"
#include "tests/support/catch.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace fs = std::filesystem;
using pchat::cli::command_table;

namespace {

/// A source file without its comments, and with each text in one piece.
std::string texts_of(const fs::path& file) {
    std::ifstream in{file};
    std::stringstream whole;
    for (std::string line; std::getline(in, line);)
        if (line.find_first_not_of(' ') == std::string::npos ||
            line.compare(line.find_first_not_of(' '), 2, "//") != 0)
            whole << line.substr(0, line.find("  // ")) << '\n';
    return std::regex_replace(whole.str(), std::regex{"\"\\s*\n\\s*\""}, "");
}

/// What is wrong with what stands behind "pchatctl" in a text; nothing when it is a command.
std::string fault_in(const std::string& noun, const std::string& verb) {
    // "another pchatctl is at it": people's words, and no command.
    static const std::set<std::string> plain{
        "and", "has", "is", "journal", "reads", "runs", "took"};
    if (plain.contains(noun))
        return {};
    if (command_table().under(noun).empty())
        return noun;
    const bool complete = command_table().find(noun) != nullptr;
    if (verb.empty() || complete || !command_table().under(noun + " " + verb).empty())
        return {};
    return noun + " " + verb;
}

}  // namespace

TEST_CASE("messages: name no command that is not there", "[docs]") {
    const std::regex named{"pchatctl ([a-z]+)(?: ([a-z]+))?"};
    std::size_t seen = 0;
    for (const char* folder : {"base", "cli", "server", "topology"})
        for (const auto& entry :
             fs::recursive_directory_iterator{fs::path{PCHAT_SOURCE_DIR} / folder}) {
            if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h")
                continue;
            const std::string text = texts_of(entry.path());
            for (std::sregex_iterator at{text.begin(), text.end(), named}, end; at != end; ++at) {
                INFO(entry.path().string());
                CHECK(fault_in((*at)[1], (*at)[2]) == "");
                ++seen;
            }
        }
    CHECK(seen > 100);
}

TEST_CASE("messages: a command that is not there is seen", "[docs]") {
    CHECK(fault_in("room", "create") == "");
    CHECK(fault_in("login", "first") == "");
    CHECK(fault_in("topology", "") == "");
    CHECK(fault_in("room", "paint") == "room paint");
    CHECK(fault_in("painting", "") == "painting");
}

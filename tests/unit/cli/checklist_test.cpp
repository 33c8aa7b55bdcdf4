// SPDX-License-Identifier: Apache-2.0
// The command line as a whole, over the real table: what every command promises, so that a new row
// is held to it without a test of its own. The numbers are those of the checklist that commands are
// reviewed by. Tested where the behaviour lives: 9, 13, 14, 25 in app_test, 10, 11 in
// ui/output_test, 12 in ui/terminal_test and tests/e2e, 26, 27 with the topology commands, 30 in
// ui/pager_test and tests/e2e. What commands do that change a server or machines (15 to 24, 28, 29)
// is tested where they run for real: tests/e2e and tests/deploy.
#include "base/unicode.h"
#include "cli/bound_command.h"
#include "cli/environment.h"
#include "cli/help_page.h"
#include "cli/help_text.h"
#include "cli/help_topics.h"
#include "cli/parse.h"
#include "cli/route.h"
#include "cli/scan.h"
#include "generated/help_texts.h"
#include "tests/support/cli_session.h"
#include "tests/support/expect.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

using namespace pchat;
using namespace pchat::cli;
using Catch::Contains;

namespace {

std::vector<const Command*> visible() {
    std::vector<const Command*> commands;
    for (const Command& command : command_table().commands)
        if (!command.hidden)
            commands.push_back(&command);
    return commands;
}

void check_fits(const std::string& page) {
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        CHECK(display_width(line) <= 80);
        CHECK((line.empty() || line.back() != ' '));
    }
}

/// The calls of pchatctl in an example line, pipes and assignments before them left out.
std::vector<std::vector<std::string>> calls_in(const std::string& line) {
    std::vector<std::vector<std::string>> calls;
    const std::string name = "pchatctl ";
    for (std::size_t at = line.find(name); at != line.npos; at = line.find(name, at + 1))
        if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '(')
            calls.push_back(test::shell_words(
                line.substr(at + name.size(), line.find(')', at) - at - name.size())
            ));
    return calls;
}

}  // namespace

TEST_CASE(
    "checklist 1: the program alone, -h, --help and help give the overview on stdout", "[checklist]"
) {
    test::CliSession session;
    CHECK(session.run("") == 0);
    const std::string overview = session.out.str();
    CHECK_THAT(overview, Contains("NOUNS") && Contains("topology"));
    for (const char* line : {"-h", "--help", "help", "help --no-pager"}) {
        CHECK(session.run(line) == 0);
        CHECK(session.out.str() == overview);
        CHECK(session.err.str().empty());
    }
}

TEST_CASE(
    "checklist 1: every command has the same page behind -h, --help and help", "[checklist]"
) {
    test::CliSession session;
    for (const Command* command : visible()) {
        INFO(command->path);
        CHECK(session.run("help " + command->path) == 0);
        const std::string page = session.out.str();
        for (const std::string& line :
             {command->path + " -h", command->path + " --help", "-h " + command->path}) {
            CHECK(session.run(line) == 0);
            CHECK(session.out.str() == page);
            CHECK(session.err.str().empty());
        }
    }
}

TEST_CASE("checklist 1: a noun alone lists its verbs on stderr and fails with 2", "[checklist]") {
    test::CliSession session;
    for (const std::string& word : command_table().next_words("")) {
        if (command_table().find(word))
            continue;
        CHECK(session.run(word) == 2);
        CHECK(session.out.str().empty());
        for (const std::string& verb : command_table().next_words(word))
            CHECK_THAT(session.err.str(), Contains("  " + verb));
        CHECK(session.run(word + " -h") == 0);
        CHECK(session.err.str().empty());
    }
}

TEST_CASE(
    "checklist 2: help pages have their parts in one order and fit 80 columns", "[checklist]"
) {
    const std::vector<std::string> parts{
        "USAGE",
        "DESCRIPTION",
        "EXAMPLES",
        "ARGUMENTS",
        "FLAGS",
        "GLOBAL FLAGS",
        "EXIT CODES",
        "SEE ALSO"};
    for (const Command* command : visible()) {
        INFO(command->path);
        const std::string page = command_page(BoundCommand(*command), false);
        CHECK_THAT(page, Catch::StartsWith("pchatctl " + command->path + " - "));
        check_fits(page);
        std::size_t last = 0;
        for (const std::string& part : parts) {
            const std::size_t at = page.find("\n" + part + "\n");
            if (part == "ARGUMENTS" || part == "FLAGS")
                if (at == page.npos)
                    continue;
            INFO(part);
            REQUIRE(at != page.npos);
            CHECK(at > last);
            last = at;
        }
    }
    for (const HelpTopic& topic : help_topics())
        check_fits(topic.page());
    check_fits(overview_page(command_table(), false));
}

TEST_CASE(
    "checklist 2: every command has a help page with examples, and every page a command",
    "[checklist]"
) {
    std::set<std::string> pages;
    for (const std::string_view name : help_text_names())
        pages.emplace(name);
    for (const Command* command : visible()) {
        INFO(command->path);
        std::string name = command->path;
        std::replace(name.begin(), name.end(), ' ', '-');
        CHECK(pages.erase(name) == 1);
        CHECK_FALSE(example_lines(read_help(command->help)).empty());
    }
    INFO((pages.empty() ? "" : *pages.begin()));
    CHECK(pages.empty());
}

TEST_CASE("checklist 2: every example parses", "[checklist]") {
    for (const Command* command : visible()) {
        bool shows_itself = false;
        for (const std::string& line : example_lines(read_help(command->help))) {
            INFO(line);
            for (const auto& words : calls_in(line)) {
                const Route route = find_route(command_table(), words);
                if (!route.command) {
                    CHECK((route.unknown.empty() && route.prefix.empty()));
                    continue;
                }
                shows_itself = shows_itself || route.command == command;
                BoundCommand bound(*route.command);
                REQUIRE_OK(parse(bound, route.rest));
            }
        }
        INFO(command->path);
        CHECK(shows_itself);
    }
}

TEST_CASE("checklist 3: names of arguments and of their values are kebab-case", "[checklist]") {
    const std::regex kebab("[a-z][a-z0-9]*([-:][a-z0-9]+)*");  // <rule:name> is a pair in one word
    for (const Command* command : visible()) {
        const BoundCommand bound(*command);
        for (const Arg& arg : bound.all()) {
            INFO(command->path << " " << arg.name);
            CHECK(std::regex_match(arg.name, kebab));
            CHECK(
                std::regex_match(lower_ascii(arg.value_name.empty() ? "x" : arg.value_name), kebab)
            );
        }
    }
}

TEST_CASE(
    "checklist 4: commands are nouns and verbs in full words, and none is the start of another",
    "[checklist]"
) {
    const std::regex words("[a-z]+(-[a-z]+)*( [a-z]+(-[a-z]+)*){0,2}");
    for (const Command* command : visible()) {
        INFO(command->path);
        CHECK(std::regex_match(command->path, words));
        CHECK(command_table().under(command->path).size() == 1);
        CHECK(
            (command->summary.size() > 3 && command->summary.back() != '.' &&
             command->summary[0] >= 'A' && command->summary[0] <= 'Z')
        );
    }
}

TEST_CASE("checklist 5: a flag has one letter and one shape everywhere", "[checklist]") {
    std::map<std::string, Arg> seen;
    std::map<char, std::string> letters;
    for (const Command* command : visible()) {
        const BoundCommand bound(*command);
        std::set<std::string> own;
        for (const Arg& arg : bound.all()) {
            if (arg.positional)
                continue;
            INFO(command->path << " --" << arg.name);
            CHECK(own.insert(arg.name).second);
            const auto [known, fresh] = seen.emplace(arg.name, arg);
            CHECK(known->second.letter == arg.letter);
            CHECK(takes_value(known->second) == takes_value(arg));
            CHECK(known->second.alias == arg.alias);
            if (arg.letter != 0)
                CHECK(letters.emplace(arg.letter, arg.name).first->second == arg.name);
        }
    }
    CHECK(letters['h'] == "help");
    CHECK(letters['o'] == "output");
    CHECK(letters['q'] == "quiet");
    CHECK(letters['v'] == "verbose");
    for (const auto& [letter, name] :
         std::map<char, std::string>{{'f', "file"}, {'n', "dry-run"}, {'y', "yes"}})
        CHECK((letters.count(letter) == 0 || letters[letter] == name));
}

TEST_CASE(
    "checklist 5: every argument is explained in a phrase without a full stop", "[checklist]"
) {
    for (const Command* command : visible()) {
        const BoundCommand bound(*command);
        for (const Arg& arg : bound.all()) {
            INFO(command->path << " " << arg.name << ": " << arg.help);
            REQUIRE_FALSE(arg.help.empty());
            CHECK((arg.help.back() != '.' || Catch::EndsWith("...").match(arg.help)));
        }
    }
}

TEST_CASE(
    "checklist 6: optional positionals come last, and only the last may be repeated", "[checklist]"
) {
    for (const Command* command : visible()) {
        INFO(command->path);
        const BoundCommand bound(*command);
        bool optional = false;
        bool repeated = false;
        for (const Arg& arg : bound.own()) {
            if (!arg.positional)
                continue;
            CHECK_FALSE(repeated);
            CHECK_FALSE((optional && arg.required));
            optional = optional || !arg.required;
            repeated = arg.repeatable;
        }
    }
}

TEST_CASE("checklist 6: flags may come before the verb", "[checklist]") {
    test::CliSession session;
    CHECK(session.run("-o json version") == 0);
    const std::string before = session.out.str();
    CHECK(session.run("version -o json") == 0);
    CHECK(session.out.str() == before);
}

TEST_CASE(
    "checklist 7: a mistyped word of any command gets a suggestion and is not run", "[checklist]"
) {
    test::CliSession session;
    for (const Command* command : visible()) {
        if (command->path.size() < 6)
            continue;
        std::string line = command->path;
        std::swap(line[line.size() - 1], line[line.size() - 2]);
        if (line == command->path)
            continue;
        INFO(line);
        CHECK(session.run(line) == 2);
        CHECK_THAT(
            session.err.str(),
            Contains("unknown") && Contains("did you mean") && Contains("hint: pchatctl")
        );
        CHECK(session.out.str().empty());
        CHECK(session.run(command->path + " --hlep") == 2);
        CHECK_THAT(session.err.str(), Contains("did you mean '--help'?"));
    }
}

TEST_CASE("checklist 8: -q keeps stdout and the errors", "[checklist]") {
    test::CliSession session;
    CHECK(session.run("version -q") == 0);
    CHECK_THAT(session.out.str(), Contains("pchatctl "));
    CHECK(session.run("version -q --bogus") == 2);
    CHECK_THAT(session.err.str(), Contains("unknown flag '--bogus'"));
}

TEST_CASE("checklist 14: the exit codes are a topic and part of every page", "[checklist]") {
    test::CliSession session;
    CHECK(session.run("help exit-codes") == 0);
    for (const ExitCode& code : exit_codes())
        CHECK_THAT(
            session.out.str(),
            Contains("  " + std::to_string(code.code) + " ") &&
                Contains(std::string(code.meaning).substr(0, 30))
        );
    for (const Command* command : visible())
        for (const auto& [code, meaning] : exit_codes_of(*command)) {
            INFO(command->path << ": " << code);
            CHECK(std::any_of(
                exit_codes().begin(),
                exit_codes().end(),
                [c = std::stoi(code)](const ExitCode& known) { return known.code == c; }
            ));
        }
}

TEST_CASE(
    "checklist 15: every command that changes something takes --dry-run, --what-if and --yes",
    "[checklist]"
) {
    for (const Command* command : visible()) {
        const BoundCommand bound(*command);
        INFO(command->path);
        CHECK((find_flag(bound.global(), "what-if") != nullptr) == command->changes);
        CHECK((find_flag(bound.global(), "yes") != nullptr) == command->changes);
    }
}

TEST_CASE("checklist 25: help environment lists every variable that is read", "[checklist]") {
    test::CliSession session;
    CHECK(session.run("help environment") == 0);
    for (const Variable& variable : variables())
        CHECK_THAT(session.out.str(), Contains("  " + std::string(variable.name)));
}

TEST_CASE("checklist 28: the version is the same everywhere, json included", "[checklist]") {
    test::CliSession session;
    CHECK(session.run("--version") == 0);
    const std::string text = session.out.str();
    CHECK(session.run("version") == 0);
    CHECK(session.out.str() == text);
    CHECK(session.run("--version -o json") == 0);
    const auto document = nlohmann::json::parse(session.out.str());
    CHECK(text == "pchatctl " + document["client"]["version"].get<std::string>() + "\n");
}

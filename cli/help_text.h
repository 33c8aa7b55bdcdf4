// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

// The pages of cli/help/*.md: prose that the table and the arguments cannot give. A page is
//   description paragraphs, then sections: `## Examples`, `## Exit codes`, `## See also`, others as
//   needed.
// A block is a paragraph, a list item ("- ..."), or lines indented by four blanks, which stay as
// they are. `Examples` pairs a sentence with indented command lines. `Exit codes` holds items such
// as "- 3: the document has errors", which add to 0, 1 and 2 or replace them. `See also` is one
// line of names.

struct HelpBlock {
    enum class Kind : std::uint8_t { paragraph, item, code };
    Kind kind = Kind::paragraph;
    std::string text;  // code: with its line ends, without the four blanks
};

struct HelpSection {
    std::string title;  // "Examples"; empty for the description
    std::vector<HelpBlock> blocks;
};

struct HelpText {
    std::vector<HelpSection> sections;

    /// Null when the page has no such section.
    [[nodiscard]] const HelpSection* find(std::string_view title) const;
};

HelpText read_help(std::string_view page);

/// The command lines of the examples, continuation lines joined.
std::vector<std::string> example_lines(const HelpText& help);

/// Text broken into lines of at most `width` columns, each behind `indent` blanks.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width = 80);

/// A command line broken before flags, with backslashes as a shell wants them, so that each line
/// has at most `width` columns. One that has no such place stays too long.
std::vector<std::string> fold_command(std::string line, std::size_t width);

/// The text without the backticks that mark literal words; wrap() does not break inside them.
std::string without_marks(std::string_view text);

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/help_text.h"

#include <string>
#include <string_view>

namespace pchat::cli {

/// Writes a manual page: escapes what troff would take for requests, and knows the few macros we
/// use.
class Troff {
public:
    Troff(std::string_view title, std::string_view source);

    void section(std::string_view title);
    void subsection(std::string_view title);
    void paragraph(std::string_view text);  // `words` in backticks become bold
    void line(std::string_view text);       // without a break before it
    void tagged(std::string_view tag, std::string_view text);
    void block(const HelpBlock& block);

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
};

/// For running text: backslashes, leading dots and quotes escaped, hyphens kept as they are typed.
std::string troff_escape(std::string_view text);

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/source_text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

enum class Severity : std::uint8_t { error, warning };

std::string_view to_string(Severity severity);

/// A second place that belongs to a diagnostic: "first defined here".
struct DiagnosticNote {
    Span at;
    std::string message;
};

/// One finding about a text, as data. `diagnostic.cpp` alone turns it into text.
struct Diagnostic {
    Severity severity = Severity::error;
    std::string rule = {};     // stable id: "POOL-07"
    Span at = {};              // where the caret goes
    std::string subject = {};  // "pool pchat.contoso.example"; may be empty
    std::string message = {};  // lower case, no full stop
    std::string hint = {};     // the way out; may be empty
    std::string remark = {};   // stands behind the caret: "did you mean 'replicas'?"
    std::vector<DiagnosticNote> notes = {};
    bool secret = false;    // what stands at `at` must not be shown: the excerpt masks it
    Span hides = {};        // something else on its line that must not be shown either
    bool accepted = false;  // a warning that the file accepts, with a reason
};

struct Tally {
    std::size_t errors = 0;
    std::size_t warnings = 0;  // accepted ones are not counted
    std::size_t accepted = 0;
};
Tally tally(const std::vector<Diagnostic>& diagnostics);

/// By place in the text; errors before warnings at the same place.
void sort_by_place(std::vector<Diagnostic>& diagnostics);

enum class Colour : std::uint8_t { no, yes };

/// One diagnostic as people read it: `file:line:col: error[RULE]: message`, the line, the caret,
/// the hint.
std::string render_text(
    const SourceText& source, const Diagnostic& diagnostic, Colour colour = Colour::no
);
/// All of them and the closing count. Accepted warnings are only counted.
std::string render_text(
    const SourceText& source, const std::vector<Diagnostic>& diagnostics, Colour colour = Colour::no
);
/// GitHub's annotation lines (`::error file=...`).
std::string render_github(const SourceText& source, const std::vector<Diagnostic>& diagnostics);

}  // namespace pchat

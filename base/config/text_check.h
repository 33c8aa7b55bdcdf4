// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"

#include <optional>

namespace pchat::config {

/// What makes a text unfit for the YAML parser, found before it sees the text: too large, not
/// UTF-8, control characters. (yaml-cpp takes 0x04 for the end of the file and NUL for nothing at
/// all.)
std::optional<Diagnostic> unfit_text(const SourceText& source, const DocumentLimits& limits);

/// The parser's complaint at byte `offset`, told so that the reader of the file can mend it.
/// `open_flow` is where the innermost bracket that is still open stands, if one is.
Diagnostic explain_syntax_error(
    const SourceText& source,
    std::uint32_t offset,
    const std::string& complaint,
    std::optional<Span> open_flow
);

}  // namespace pchat::config

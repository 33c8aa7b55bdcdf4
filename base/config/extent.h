// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"

#include <optional>
#include <string_view>

namespace pchat::config {

/// The YAML parser tells where values begin, not where they end. This walks a finished tree and
/// sets every Node::span to the bytes the value takes in `text`: quotes and brackets included,
/// comments and blanks behind it not.
void find_extents(Node& root, std::string_view text);

/// The offset behind the quote that closes the one at `begin`; none when nothing closes it.
std::optional<std::size_t> quoted_end(std::string_view text, std::size_t begin);

/// The first offset at or after `from` that is neither blank, line end nor comment.
std::size_t skip_blank(std::string_view text, std::size_t from);

}  // namespace pchat::config

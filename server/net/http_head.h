// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/http.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::net {

/// Gathers the request line and the headers, and refuses at the first byte what some reader before
/// or behind us might take for another request: bare line ends, folded lines, control characters.
class HeadCollector {
public:
    explicit HeadCollector(std::size_t longest) : longest_(longest) {}

    /// Takes bytes up to the end of the head; the answer when there is something to refuse.
    std::optional<HttpResponse> take(std::string_view& bytes);
    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    void forget() { text_ = {}; }

private:
    std::optional<HttpResponse> add(char c);

    std::size_t longest_;
    std::string text_;
    bool in_first_line_ = true;
    bool complete_ = false;
};

/// What the grammar lets through and this server does not: methods, targets, and every doubt about
/// where the body ends. Splits the target in `path` into path and query.
std::optional<HttpResponse> judge_head(HttpRequest& request, bool is_http_1_1);

}  // namespace pchat::net

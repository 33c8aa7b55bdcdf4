// SPDX-License-Identifier: Apache-2.0
#include "server/net/http.h"

#include "base/unicode.h"

namespace pchat::net {

std::string_view HttpRequest::header(std::string_view name) const {
    for (const Header& header : headers)
        if (equal_ignoring_case(header.first, name))
            return header.second;
    return {};
}

}  // namespace pchat::net

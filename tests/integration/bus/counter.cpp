// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/bus/counter.h"

#include <stdexcept>

namespace pchat::test {

void Counter::note(std::string_view subject, std::string_view bytes) {
    const std::size_t gap = bytes.find(' ');
    if (gap == std::string_view::npos)
        throw std::runtime_error("a message without a number");
    const std::size_t number = std::stoul(std::string{bytes.substr(gap + 1)});
    std::size_t& last = last_[std::string{bytes.substr(0, gap)}];
    if (number != last + 1)
        ++out_of_order_;
    last = number;
    ++messages_;
    if (subjects_.find(subject) == subjects_.end())
        subjects_.emplace(subject);
}

std::string numbered(const std::string& sender, std::size_t number, std::size_t bytes) {
    std::string out = sender + ' ' + std::to_string(number);
    if (out.size() < bytes)
        out += ' ' + std::string(bytes - out.size() - 1, 'x');
    return out;
}

}  // namespace pchat::test

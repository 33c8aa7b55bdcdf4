// SPDX-License-Identifier: Apache-2.0
#include "server/net/http_body.h"

#include <algorithm>

namespace pchat::net {
namespace {

constexpr std::size_t longest_framing = 4096;  // a chunk's size and extensions, or all trailers
constexpr std::size_t longest_size = 15;       // digits: less than 2^60

int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

void BodyReader::expect_length(std::uint64_t length) {
    left_ = length;
    at_ = length == 0 ? At::end : At::counted;
}

void BodyReader::expect_chunks() {
    at_ = At::size_line;
}

BodyReader::Progress BodyReader::feed(std::string_view& bytes, std::string& body) {
    Progress progress = Progress::more;
    while (at_ != At::end && progress == Progress::more && !bytes.empty()) {
        const bool in_data = at_ == At::counted || at_ == At::data;
        progress = in_data ? take_data(bytes, body) : take_line(bytes);
    }
    return at_ == At::end ? Progress::whole : progress;
}

BodyReader::Progress BodyReader::take_data(std::string_view& bytes, std::string& body) {
    if (left_ > longest_ - body.size())
        return Progress::too_long;
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    body += bytes.substr(0, length);
    bytes.remove_prefix(length);
    left_ -= length;
    if (left_ == 0)
        at_ = at_ == At::counted ? At::end : At::data_end;
    return Progress::more;
}

BodyReader::Progress BodyReader::take_line(std::string_view& bytes) {
    while (!bytes.empty()) {
        const char c = bytes.front();
        bytes.remove_prefix(1);
        const bool after_return = !line_.empty() && line_.back() == '\r';
        const auto code = static_cast<unsigned char>(c);
        const bool control = (code < 0x20 && c != '\t' && c != '\r' && c != '\n') || code == 0x7F;
        // As in the head: no bare line ends, where another reader may see other lines.
        if (control || (c == '\n') != after_return || ++framing_ > longest_framing)
            return Progress::broken;
        if (c == '\n')
            return end_line();
        line_ += c;
    }
    return Progress::more;
}

BodyReader::Progress BodyReader::end_line() {
    line_.pop_back();
    Progress progress = Progress::more;
    switch (at_) {
    case At::size_line:
        progress = begin_chunk();
        break;
    case At::data_end:
        progress = line_.empty() ? Progress::more : Progress::broken;
        at_ = At::size_line;
        break;
    default:
        if (line_.empty())
            at_ = At::end;
        line_.clear();
        return Progress::more;  // the limit is for all trailers
    }
    framing_ = 0;
    line_.clear();
    return progress;
}

BodyReader::Progress BodyReader::begin_chunk() {
    const std::size_t digits = std::min(line_.find(';'), line_.size());
    left_ = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const int value = hex_value(line_[i]);
        if (value < 0)
            return Progress::broken;
        if (i == longest_size)
            return Progress::too_long;
        left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    }
    if (digits == 0)
        return Progress::broken;
    at_ = left_ == 0 ? At::trailers : At::data;
    return Progress::more;
}

}  // namespace pchat::net

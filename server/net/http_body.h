// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pchat::net {

/// Takes a request's body out of its framing: a length, or chunks. Of chunks the extensions and the
/// trailers are read over. Ours because Beast's has an assertion that a client can make fail.
class BodyReader {
public:
    enum class Progress : std::uint8_t { more, whole, too_long, broken };

    void expect_length(std::uint64_t length);
    void expect_chunks();
    /// Nothing longer is taken in.
    void allow(std::size_t longest) { longest_ = longest; }

    /// Takes from the front of `bytes` what belongs to the body, and adds what it holds to `body`.
    Progress feed(std::string_view& bytes, std::string& body);
    [[nodiscard]] bool complete() const { return at_ == At::end; }

private:
    enum class At : std::uint8_t { counted, size_line, data, data_end, trailers, end };

    Progress take_data(std::string_view& bytes, std::string& body);
    Progress take_line(std::string_view& bytes);
    Progress end_line();
    Progress begin_chunk();

    std::uint64_t left_ = 0;  // of the counted body, or of the chunk
    std::size_t longest_ = 0;
    std::size_t framing_ = 0;  // bytes of the line, or of all trailers
    std::string line_;
    At at_ = At::end;
};

}  // namespace pchat::net

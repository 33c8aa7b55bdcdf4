// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace pchat::wire {

enum class JsonKind : std::uint8_t { null, boolean, integer, fraction, text, list, object };

/// One value. The members of lists and objects follow their parent, each with all of its own.
struct JsonNode {
    JsonKind kind = JsonKind::null;
    bool truth = false;          // boolean
    std::uint32_t nodes = 1;     // itself and all within it
    std::uint32_t members = 0;   // list, object
    std::int64_t integer = 0;    // integer; what does not fit 64 bits is a fraction
    std::string_view name = {};  // in an object
    std::string_view text = {};  // text: unescaped UTF-8
};

/// JSON text as a flat list of nodes. Keeps its memory from text to text; what it gives lives
/// until the next one.
class JsonDocument {
public:
    JsonDocument();
    ~JsonDocument();
    JsonDocument(JsonDocument&&) noexcept;
    JsonDocument& operator=(JsonDocument&&) noexcept;

    /// The root, which is an object. Refuses ("bad-json") what is not one object in RFC 8259's
    /// JSON and UTF-8, is nested deeper than 16 levels, or has more values than that.
    Result<const JsonNode*> parse(std::string_view text, std::size_t most_values = 20'000);

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
    std::vector<JsonNode> nodes_;
};

}  // namespace pchat::wire

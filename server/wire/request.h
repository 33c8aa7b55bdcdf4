// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/wire/json_document.h"
#include "server/wire/message.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pchat::wire {

// What clients ask over the WebSocket. Rooms are named by id or by name, as the client wrote it;
// numbers are within the ranges of the protocol, texts are UTF-8 without U+0000 and within limits.

struct Auth {
    enum class By : std::uint8_t { token, ticket };
    By by = By::token;
    Secret secret;
};

struct JoinRoom {
    std::string room;
    std::optional<std::int64_t> since;      // the last seq that the client has
    std::optional<std::int64_t> since_rev;  // and the last rev
};

struct Join {
    std::vector<JoinRoom> rooms;  // at least one
    bool several = false;         // asked with `rooms`: the reply has a list, even of one
    std::optional<int> history;   // the last so many; none: what the configuration says
};

struct Leave {
    std::string room;
};

/// What a message says.
struct Content {
    MessageKind kind = MessageKind::text;
    MessageFormat format = MessageFormat::text;
    std::optional<std::string> subject;  // of a story
    std::string body;
};

struct Send {
    std::string room;
    std::string key;
    Content content;
};

/// Messages before or after a seq, or the last ones when neither is given.
struct History {
    std::string room;
    std::optional<std::int64_t> before;
    std::optional<std::int64_t> after;
    int limit = 100;
};

struct Search {
    enum class Match : std::uint8_t { all, any, exact };
    std::string text;
    std::vector<std::string> rooms;  // empty: all that the user may read
    std::optional<std::string> from;
    std::optional<Microseconds> from_time;
    std::optional<Microseconds> to_time;
    Match match = Match::all;
    bool match_case = false;
    int limit = 100;
    std::optional<std::string> cursor;
};

struct Rooms {
    std::optional<std::string> filter;
    int limit = 100;
    std::optional<std::string> cursor;
    bool mine = false;
};

struct Roster {
    std::string room;
};

struct Invitations {
    std::int64_t after = 0;
};

struct Unread {
    std::vector<std::pair<std::string, std::int64_t>> marks;  // room, seq
};

struct Watch {
    std::vector<std::string> keywords;  // all of them; none: watch no more
};

struct Ping {};

using RequestBody = std::variant<
    Auth,
    Join,
    Leave,
    Send,
    History,
    Search,
    Rooms,
    Roster,
    Invitations,
    Unread,
    Watch,
    Ping>;

struct Request {
    std::string id;
    RequestBody body;
};

/// Limits that an administrator may change; the others are the protocol's.
struct RequestLimits {
    std::size_t message = 8'000;  // code points
    std::size_t story = 65'536;
    int search = 999;  // messages
};

class ObjectReader;

/// The fields of a message that `send` and the HTTP request share: body, kind, subject, format.
Content read_content(ObjectReader& in, const RequestLimits& limits);

/// Reads the text frames of clients. One for each thread: it keeps its memory from frame to frame.
class RequestReader {
public:
    explicit RequestReader(RequestLimits limits = {}) : limits_(limits) {}
    void set_limits(RequestLimits limits) { limits_ = limits; }

    /// Fails with one of the reasons "bad-json" (not one JSON object), "bad-request" (a field is
    /// missing or of the wrong type), "unknown-type", "bad-value" and "too-long". Of a field that
    /// comes twice the first counts; unknown ones are ignored; null is as good as absent.
    Result<Request> read(std::string_view text);

    /// The id of the frame that was read last, also when read() failed; empty when it had none
    /// that could be used.
    [[nodiscard]] const std::string& id() const { return id_; }

private:
    RequestLimits limits_;
    JsonDocument document_;
    std::string id_;
};

}  // namespace pchat::wire

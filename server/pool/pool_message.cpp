// SPDX-License-Identifier: Apache-2.0
#include "server/pool/pool_message.h"

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

namespace pchat::pool {
namespace {

// First byte of each: what it is, and in which form. Servers of two releases run side by side while
// a pool is upgraded: what they do not understand they read from the database.
constexpr char said_form = 'S';
constexpr char entry_form = 'F';

// Numbers are eight bytes, the lowest first; texts stand behind their length.
void put(std::string& out, std::int64_t number) {
    auto rest = static_cast<std::uint64_t>(number);
    for (int i = 0; i < 8; ++i, rest >>= 8)
        out += static_cast<char>(rest & 0xFF);
}

void put(std::string& out, std::string_view text) {
    put(out, static_cast<std::int64_t>(text.size()));
    out += text;
}

/// Reads until something is missing; then all that follows is empty.
class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    bool form(char wanted) {
        if (rest_.empty() || rest_.front() != wanted)
            return broken_ = true, false;
        rest_.remove_prefix(1);
        return true;
    }
    std::int64_t number() {
        if (rest_.size() < 8)
            return broken_ = true, 0;
        std::uint64_t out = 0;
        for (int i = 7; i >= 0; --i)
            out = out << 8 | static_cast<unsigned char>(rest_[static_cast<std::size_t>(i)]);
        rest_.remove_prefix(8);
        return static_cast<std::int64_t>(out);
    }
    std::string_view text() {
        const std::int64_t size = number();
        if (size < 0 || static_cast<std::uint64_t>(size) > rest_.size())
            return broken_ = true, std::string_view{};
        const std::string_view out = rest_.substr(0, static_cast<std::size_t>(size));
        rest_.remove_prefix(out.size());
        return out;
    }
    /// Of a list whose items take so many bytes at least.
    std::size_t count(std::size_t least) {
        const std::int64_t out = number();
        if (out < 0 || static_cast<std::uint64_t>(out) > rest_.size() / least)
            return broken_ = true, 0;
        return static_cast<std::size_t>(out);
    }
    [[nodiscard]] bool complete() const { return !broken_ && rest_.empty(); }

private:
    std::string_view rest_;
    bool broken_ = false;
};

tl::unexpected<Error> not_ours(std::string_view what) {
    return fail(
        Errc::invalid,
        std::string{"what came over the bus is no "} + std::string{what},
        "all servers of a pool run the same release, or the one before"
    );
}

}  // namespace

std::string write_said(RoomId room, std::span<const Remembered> messages) {
    std::string out{said_form};
    put(out, room.value);
    put(out, static_cast<std::int64_t>(messages.size()));
    for (const Remembered& message : messages) {
        put(out, message.seq);
        put(out, std::int64_t{message.transit});
        put(out, std::string_view{*message.text});
    }
    return out;
}

Result<Said> read_said(std::string_view bytes) {
    Reader in{bytes};
    Said out;
    if (!in.form(said_form))
        return not_ours("message of a room");
    out.room = RoomId{in.number()};
    const std::size_t count = in.count(24);
    for (std::size_t i = 0; i < count; ++i) {
        Remembered& message = out.messages.emplace_back();
        message.seq = in.number();
        message.transit = in.number() != 0;
        message.text = std::make_shared<const std::string>(in.text());
    }
    if (!in.complete())
        return not_ours("message of a room");
    return out;
}

std::string write_entry(ServerId server, const LogNews& entry, std::span<const Told> told) {
    std::string out{entry_form};
    put(out, server.value);
    put(out, entry.n);
    put(out, std::string_view{log_text(entry.body)});
    put(out, static_cast<std::int64_t>(told.size()));
    for (const Told& one : told) {
        put(out, one.user.value);
        put(out, one.room.value);
        put(out, one.seq);
        put(out, std::string_view{one.text});
    }
    return out;
}

Result<Entry> read_entry(std::string_view bytes) {
    Reader in{bytes};
    Entry out;
    if (!in.form(entry_form))
        return not_ours("entry of a log");
    out.server = ServerId{in.number()};
    out.logged.n = in.number();
    const std::string_view text = in.text();
    const std::size_t count = in.count(32);
    for (std::size_t i = 0; i < count; ++i) {
        Told& one = out.told.emplace_back();
        one.user = PrincipalId{in.number()};
        one.room = RoomId{in.number()};
        one.seq = in.number();
        one.text = in.text();
    }
    if (!in.complete())
        return not_ours("entry of a log");
    Result<LogBody> body = read_log_text(text);
    if (!body)
        return pass(std::move(body).error());
    out.logged.body = std::move(*body);
    return out;
}

}  // namespace pchat::pool

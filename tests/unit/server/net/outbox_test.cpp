// SPDX-License-Identifier: Apache-2.0
#include "server/net/outbox.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>

using namespace pchat::net;

namespace {

/// Takes so many bytes, then says it is busy; like TLS it may have looked at more than it took.
struct NarrowChannel : Channel {
    Transfer handshake() override { return {Transfer::State::moved}; }
    Transfer read_some(std::span<char> /*into*/) override { return {Transfer::State::closed}; }
    Transfer write_gathered(std::span<const iovec> pieces) override {
        most_pieces = std::max(most_pieces, pieces.size());
        if (room == 0)
            return {Transfer::State::wants_write};
        std::size_t moved = 0;
        for (const iovec& piece : pieces) {
            const std::size_t length = std::min(piece.iov_len, room - moved);
            taken.append(static_cast<const char*>(piece.iov_base), length);
            moved += length;
        }
        room -= moved;
        return {Transfer::State::moved, moved};
    }
    [[nodiscard]] std::size_t committed() const override { return looked_at; }
    void end_writing() override {}

    std::size_t room = 0;
    std::size_t looked_at = 0;
    std::size_t most_pieces = 0;
    std::string taken;
};

Frame frame(const std::string& bytes) {
    return Frame{bytes};
}

}  // namespace

TEST_CASE("outbox: bytes leave in order, however little is taken at a time", "[net]") {
    Outbox outbox;
    NarrowChannel channel;
    std::string expected;
    for (int i = 0; i < 300; ++i) {
        const std::string bytes(static_cast<std::size_t>(i % 7), static_cast<char>('a' + i % 26));
        outbox.push(frame(bytes));
        expected += bytes;
    }
    CHECK(outbox.bytes() == expected.size());
    std::size_t calls = 0;
    while (!outbox.empty()) {
        channel.room = 5;
        const Transfer transfer = outbox.write_to(channel, calls);
        REQUIRE(transfer.bytes > 0);
        REQUIRE(outbox.bytes() == expected.size() - channel.taken.size());
    }
    CHECK(channel.taken == expected);
    CHECK(channel.most_pieces == 64);
}

TEST_CASE("outbox: what is dropped leaves no half frame behind", "[net]") {
    Outbox outbox;
    NarrowChannel channel;
    for (const char* bytes : {"first", "second", "third"})
        outbox.push(frame(bytes));
    std::size_t calls = 0;
    SECTION("when nothing has left, nothing is kept") {
        outbox.drop_unbegun(channel);
        CHECK(outbox.empty());
    }
    SECTION("a frame that has begun is finished") {
        channel.room = 7;
        outbox.write_to(channel, calls);
        outbox.drop_unbegun(channel);
        CHECK(outbox.bytes() == 4);
    }
    SECTION("as is one that the channel has already sealed") {
        channel.room = 2;
        outbox.write_to(channel, calls);
        channel.looked_at = 5;  // "rst" and "se"
        outbox.drop_unbegun(channel);
        CHECK(outbox.bytes() == 9);
    }
    outbox.push(frame("close"));
    channel.room = 100;
    outbox.write_to(channel, calls);
    CHECK(outbox.empty());
    CHECK_THAT(channel.taken, Catch::EndsWith("close"));
    const std::string whole = channel.taken;
    CHECK((whole == "close" || whole == "firstsecondclose"));
}

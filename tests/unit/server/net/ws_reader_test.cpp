// SPDX-License-Identifier: Apache-2.0
#include "server/net/ws_reader.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

using namespace pchat::ws;

namespace {

struct Log : Receiver {
    void text(std::string_view message) override { add("text", message); }
    void ping(std::string_view payload) override { add("ping", payload); }
    void pong(std::string_view payload) override { add("pong", payload); }
    void closed(CloseCode code, std::string_view reason) override {
        add("close " + std::to_string(static_cast<int>(code)), reason);
    }
    void add(const std::string& what, std::string_view payload) {
        seen.push_back(what + ":" + std::string{payload});
    }
    std::vector<std::string> seen;
};

struct Outcome {
    std::vector<std::string> seen;
    std::optional<CloseCode> broken;
    friend bool operator==(const Outcome&, const Outcome&) = default;
};

// A client's frame. `length_bytes`: 0 for the shortest form.
std::string frame(unsigned first, const std::string& payload, std::size_t length_bytes = 0) {
    if (length_bytes == 0)
        length_bytes = payload.size() < 126 ? 1 : payload.size() < 65536 ? 2 : 8;
    std::string out{static_cast<char>(first)};
    const std::size_t marker = length_bytes == 1 ? payload.size() : length_bytes == 2 ? 126 : 127;
    out += static_cast<char>(0x80 | marker);
    for (std::size_t i = length_bytes == 1 ? 0 : length_bytes; i-- > 0;)
        out += static_cast<char>(payload.size() >> (8 * i));
    const std::string mask = "\x37\xfa\x21\x3d";
    out += mask;
    for (std::size_t i = 0; i < payload.size(); ++i)
        out += static_cast<char>(payload[i] ^ mask[i % 4]);
    return out;
}

Outcome read_in_pieces(const std::string& bytes, std::size_t piece, std::size_t longest = 1000) {
    Reader reader{longest};
    Log log;
    std::optional<CloseCode> broken;
    std::string copy = bytes;
    for (std::size_t at = 0; at < copy.size() && !reader.finished(); at += piece)
        broken = reader.feed(std::span{copy}.subspan(at, std::min(piece, copy.size() - at)), log);
    return {log.seen, broken};
}

// However the bytes come, the same is read.
Outcome read(const std::string& bytes, std::size_t longest = 1000) {
    const Outcome whole = read_in_pieces(bytes, bytes.size(), longest);
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 16U})
        CHECK(read_in_pieces(bytes, piece, longest) == whole);
    return whole;
}

using Seen = std::vector<std::string>;

constexpr unsigned text_frame = 0x81;
constexpr unsigned first_fragment = 0x01;
constexpr unsigned more = 0x00;
constexpr unsigned last_fragment = 0x80;
constexpr unsigned close_frame = 0x88;
constexpr unsigned ping_frame = 0x89;
constexpr unsigned pong_frame = 0x8A;

}  // namespace

TEST_CASE("websocket: messages of every length are read", "[ws]") {
    for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 70000U}) {
        const std::string message(size, 'x');
        const Outcome read_back = read(frame(text_frame, message) + frame(text_frame, "b"), 70000);
        CHECK_FALSE(read_back.broken);
        CHECK((read_back.seen == Seen{"text:" + message, "text:b"}));
    }
}

TEST_CASE("websocket: fragments make one message, with control frames in between", "[ws]") {
    const std::string rocket = "\xF0\x9F\x9A\x80";
    const Outcome all = read(
        frame(first_fragment, "a" + rocket.substr(0, 2)) + frame(ping_frame, "p") +
        frame(more, "") + frame(pong_frame, "q") + frame(last_fragment, rocket.substr(2)) +
        frame(text_frame, "next")
    );
    CHECK_FALSE(all.broken);
    CHECK(all.seen == Seen{"ping:p", "pong:q", "text:a" + rocket, "text:next"});
}

TEST_CASE("websocket: a close ends the reading, with or without code and reason", "[ws]") {
    const std::string code = "\x03\xE8";
    CHECK(
        read(frame(close_frame, code + "bye") + frame(text_frame, "x")).seen ==
        Seen{"close 1000:bye"}
    );
    CHECK(read(frame(close_frame, "")).seen == Seen{"close 1005:"});
    CHECK(read(frame(close_frame, "\x03")).broken == CloseCode::protocol_error);
    CHECK(read(frame(close_frame, code + "\xFF")).broken == CloseCode::bad_text);
    for (const int bad : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535}) {
        const std::string sent{static_cast<char>(bad >> 8), static_cast<char>(bad & 0xFF)};
        CHECK(read(frame(close_frame, sent)).broken == CloseCode::protocol_error);
    }
}

TEST_CASE("websocket: what breaks the protocol is refused with the code that says so", "[ws]") {
    const std::string good = frame(text_frame, "good");
    struct Case {
        std::string what;
        std::string bytes;
        CloseCode code;
    };
    std::string unmasked = frame(text_frame, "x");
    unmasked[1] = static_cast<char>(unmasked[1] & 0x7F);
    const std::string huge{"\x81\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10};
    for (const Case& one : std::vector<Case>{
             {"no mask", unmasked, CloseCode::protocol_error},
             {"a reserved bit", frame(0xC1, "x"), CloseCode::protocol_error},
             {"a reserved opcode", frame(0x83, "x"), CloseCode::protocol_error},
             {"a reserved control opcode", frame(0x8B, "x"), CloseCode::protocol_error},
             {"binary", frame(0x82, "x"), CloseCode::unsupported},
             {"a continuation of nothing", frame(last_fragment, "x"), CloseCode::protocol_error},
             {"a message within a message",
              frame(first_fragment, "a") + frame(text_frame, "b"),
              CloseCode::protocol_error},
             {"a fragmented ping", frame(0x09, "x"), CloseCode::protocol_error},
             {"a long ping", frame(ping_frame, std::string(126, 'x')), CloseCode::protocol_error},
             {"a length written longer", frame(text_frame, "x", 2), CloseCode::protocol_error},
             {"and longer still",
              frame(text_frame, std::string(200, 'x'), 8),
              CloseCode::protocol_error},
             {"a length beyond 63 bits", huge + "mask", CloseCode::protocol_error},
             {"not UTF-8", frame(text_frame, "a\xC3"), CloseCode::bad_text},
             {"a surrogate", frame(text_frame, "\xED\xA0\x80"), CloseCode::bad_text},
             {"not UTF-8 over fragments",
              frame(first_fragment, "\xF0\x9F") + frame(last_fragment, "x"),
              CloseCode::bad_text}}) {
        INFO(one.what);
        const Outcome outcome = read(good + one.bytes + good);
        CHECK(outcome.broken == one.code);
        CHECK(outcome.seen == Seen{"text:good"});
    }
}

TEST_CASE("websocket: a message over the limit is refused by its header", "[ws]") {
    CHECK_FALSE(read(frame(text_frame, std::string(1000, 'x'))).broken);
    const std::string too_long = frame(text_frame, std::string(1001, 'x'));
    CHECK(read(too_long).broken == CloseCode::too_big);
    CHECK(read(too_long.substr(0, 8)).broken == CloseCode::too_big);
    const std::string fragments =
        frame(first_fragment, std::string(600, 'x')) + frame(last_fragment, std::string(401, 'x'));
    CHECK(read(fragments).broken == CloseCode::too_big);
    CHECK(
        read(std::string{"\x81\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10} + "mask").broken ==
        CloseCode::too_big
    );
}

TEST_CASE("websocket: after a breach nothing more is read", "[ws]") {
    Reader reader{100};
    Log log;
    std::string bad = frame(0xC1, "x");
    CHECK(reader.feed(bad, log) == CloseCode::protocol_error);
    CHECK(reader.finished());
    std::string good = frame(text_frame, "x");
    CHECK_FALSE(reader.feed(good, log));
    CHECK(log.seen.empty());
}

TEST_CASE("websocket: what the server sends has the shortest length and no mask", "[ws]") {
    CHECK(encode(Opcode::text, "hi") == std::string{"\x81\x02hi"});
    CHECK(encode(Opcode::pong, "") == std::string{"\x8A\0", 2});
    CHECK(
        encode(Opcode::text, std::string(126, 'x')).substr(0, 4) == std::string{"\x81\x7E\0\x7E", 4}
    );
    CHECK(
        encode(Opcode::text, std::string(65536, 'x')).substr(0, 10) ==
        std::string{"\x81\x7F\0\0\0\0\0\x01\0\0", 10}
    );
    CHECK(encode_close(CloseCode::slow_consumer, "slow") == std::string{"\x88\x06\x0F\xA8slow"});
    std::string reason;
    for (int i = 0; i < 100; ++i)
        reason += "\xC3\xA4";
    const std::string cut = encode_close(CloseCode::policy, reason);
    CHECK(cut.size() == 2 + 2 + 122);
    CHECK(cut.substr(4) == reason.substr(0, 122));
}

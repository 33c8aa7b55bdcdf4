// SPDX-License-Identifier: Apache-2.0
// What a client may send, in one piece and in pieces: both ways the same must be read.
#include "server/net/ws_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

struct Log : pchat::ws::Receiver {
    void text(std::string_view message) override { add('t', message); }
    void ping(std::string_view payload) override { add('p', payload); }
    void pong(std::string_view payload) override { add('q', payload); }
    void closed(pchat::ws::CloseCode code, std::string_view reason) override {
        add('c', reason);
        seen += std::to_string(static_cast<int>(code));
    }
    void add(char what, std::string_view payload) {
        if (what != 't' && payload.size() > 125)
            std::abort();
        seen += what;
        seen += std::to_string(payload.size());
        seen += payload;
    }
    std::string seen;
};

std::string read(std::string bytes, std::size_t piece) {
    constexpr std::size_t longest = 300;
    pchat::ws::Reader reader{longest};
    Log log;
    for (std::size_t at = 0; at < bytes.size() && !reader.finished(); at += piece) {
        const auto broken =
            reader.feed(std::span{bytes}.subspan(at, std::min(piece, bytes.size() - at)), log);
        if (broken)
            log.seen += "!" + std::to_string(static_cast<int>(*broken));
    }
    return log.seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const std::string whole = read(bytes, std::max<std::size_t>(size, 1));
    for (const std::size_t piece : {1, 3, 64})
        if (read(bytes, piece) != whole)
            std::abort();
    return 0;
}

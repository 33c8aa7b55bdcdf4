// SPDX-License-Identifier: Apache-2.0
#include "bench/chat/load.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <thread>

namespace pchat::bench {
using namespace pchat::test;

using namespace std::chrono_literals;

namespace {

bool is(std::string_view text, std::string_view type) {
    return text.substr(0, 24).find(type) != std::string_view::npos;
}

std::uint64_t number_behind(std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    std::uint64_t out = 0;
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at + mark.size(), text.data() + text.size(), out);
    return out;
}

/// 300 bytes on the wire, the number and the moment of sending among them.
std::string send_text(const std::string& room, std::uint64_t number) {
    return fmt::format(
        R"({{"type":"send","id":"{}","room":"{}","key":"k{}","body":"t{:020d}n{:012d}{}"}})",
        number,
        room,
        number,
        nanoseconds(),
        number,
        std::string(67, 'x')
    );
}

std::string a_body(std::uint64_t number) {
    return fmt::format("message {} of the history of this room, {}", number, std::string(70, 'x'));
}

}  // namespace

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

std::int64_t nanoseconds() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
        .count();
}

double Latencies::at(double share) {
    if (values.empty())
        return 0;
    const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + place, values.end());
    return static_cast<double>(values[static_cast<std::size_t>(place)]) / 1e6;
}

std::string Latencies::text() {
    return fmt::format("p50 {:.2f} p99 {:.2f} max {:.2f} ms", at(0.5), at(0.99), at(1));
}

std::vector<std::string> tokens_of(const World& world, std::size_t users) {
    return {world.tokens.begin(), world.tokens.begin() + static_cast<std::ptrdiff_t>(users)};
}

void write_history(ContentDatabase& content, const World& world, const History& history) {
    constexpr std::int64_t portion = 5'000;
    static std::uint64_t number = 0;
    const auto write = [&](std::size_t room, std::int64_t count) {
        return content.write("history", [&](ContentTransaction& tx) -> Result<void> {
            const auto found = tx.rooms().find_uuid(world.room_uuids[room]);
            if (!found || !*found)
                return fail(Errc::internal, "no room");
            const auto base = static_cast<Microseconds>(1'600'000'000'000'000 + number);
            const auto head = tx.messages().raise({(*found)->id, count, count * 110, base + count});
            if (!head)
                return pass(head.error());
            std::vector<Message> rows;
            for (std::int64_t i = 1; i <= count; ++i) {
                Message message;
                message.room = (*found)->id;
                message.seq = head->last_seq - count + i;
                message.at = base + i;
                message.sender = PrincipalId{1};
                message.body = history.body ? history.body(++number) : a_body(++number);
                rows.push_back(std::move(message));
            }
            if (Result<void> done = tx.messages().insert(rows); !done || !history.indexed)
                return done;
            const SearchProgress indexed{(*found)->id, head->last_seq, head->rev, 1};
            const std::span<const SearchProgress> one{&indexed, 1};
            return head->last_seq == count ? tx.search().insert_progress(one)
                                           : tx.search().update_progress(one);
        });
    };
    for (std::int64_t done = 0; done < history.messages; done += portion)
        for (std::size_t room = history.first; room < history.first + history.rooms; ++room)
            if (Result<void> written = write(room, std::min(portion, history.messages - done));
                !written) {
                std::cerr << "bench: " << written.error().message << '\n';
                std::exit(1);
            }
}

std::string join_text(const std::string& room) {
    return fmt::format(R"({{"type":"join","id":"j","room":"{}"}})", room);
}

double join_all(
    Swarm& swarm,
    const World& world,
    const std::function<std::vector<std::size_t>(std::size_t)>& rooms_of
) {
    std::size_t wanted = 0;
    std::size_t joined = 0;
    std::size_t refused = 0;
    swarm.on_frame(
        [&](Swarm::Peer&, std::string_view text) {
            if (is(text, R"("ok")"))
                ++joined;
            else if (is(text, R"("err")") && ++refused == 1)
                std::cerr << "refused: " << text << '\n';
        },
        false
    );
    const auto begun = Clock::now();
    for (Swarm::Peer& peer : swarm.peers()) {
        for (const std::size_t room : rooms_of(peer.index)) {
            swarm.send(peer, join_text(world.room_uuids[room]));
            ++wanted;
        }
        if (wanted > joined + refused + 2'000)
            swarm.run(60s, [&] { return wanted <= joined + refused + 1'000; });
    }
    if (!swarm.run(120s, [&] { return joined + refused + swarm.lost() >= wanted; }))
        std::cerr << "only " << joined << " of " << wanted << " joins were answered\n";
    swarm.on_frame(nullptr, false);
    return seconds_since(begun);
}

double send_many(Swarm& swarm, const World& world, const Stream& stream) {
    static std::uint64_t number = 0;
    const std::uint64_t deliveries = stream.total * stream.receivers;
    std::size_t sent = 0;
    std::size_t acknowledged = 0;
    std::size_t refused = 0;
    const std::uint64_t before = swarm.messages();
    swarm.on_frame(
        [&](Swarm::Peer&, std::string_view text) {
            if (is(text, R"("ok")"))
                ++acknowledged;
            else if (is(text, R"("err")") && ++refused == 1)
                std::cerr << "refused: " << text << '\n';
        },
        false
    );
    const auto begun = Clock::now();
    const auto next_may_leave = [&] {
        if (stream.one_by_one)
            return swarm.messages() - before >= sent * stream.receivers;
        return sent < acknowledged + refused + stream.under_way;
    };
    const bool done = swarm.run(300s, [&] {
        while (sent < stream.total && next_may_leave()) {
            swarm.send(
                swarm.peers()[stream.sender_of(sent)],
                send_text(world.room_uuids[stream.room_of(sent)], ++number)
            );
            ++sent;
        }
        return acknowledged + refused >= stream.total && swarm.messages() - before >= deliveries;
    });
    swarm.on_frame(nullptr, false);
    if (!done || refused > 0)
        fmt::print(
            "  NOT COMPLETE: {} acknowledged, {} refused, {} of {} deliveries, {} lost\n",
            acknowledged,
            refused,
            swarm.messages() - before,
            deliveries,
            swarm.lost()
        );
    return seconds_since(begun);
}

void settle_disk() {
    ::sync();
    std::this_thread::sleep_for(2s);  // it goes on writing for a moment
}

Text requests_to(const World& world) {
    return [&world](std::size_t room, std::uint64_t number) {
        return send_text(world.room_uuids[room], number);
    };
}

Pace pace_into(const World& world, std::size_t room, std::size_t members) {
    Pace out;
    out.room_of = [room](std::size_t) { return room; };
    out.sender_of = [members](std::size_t i) { return i % members; };
    out.kind_of = [](std::size_t) { return std::size_t{0}; };
    out.receivers_of = [members](std::size_t) { return members; };
    out.text_of = requests_to(world);
    return out;
}

Delays send_paced(Swarm& swarm, const Pace& pace) {
    struct Sent {
        std::int64_t at = 0;
        std::size_t kind = 0;
        std::size_t missing = 0;
        std::int64_t answer = 0;
    };
    constexpr std::uint64_t first = 1'000'000'000;
    static std::uint64_t number = first;
    Delays out;
    std::map<std::uint64_t, Sent> under_way;
    swarm.on_frame(
        [&](Swarm::Peer&, std::string_view text) {
            const std::int64_t now = nanoseconds();
            if (is(text, R"("ok")")) {
                Sent& one = under_way[number_behind(text, R"("id":")")];
                one.answer = now - one.at;
                out.answers.add(one.answer);
                return;
            }
            const std::size_t body = text.find(R"("body":"t)");
            if (body == std::string_view::npos)
                return;
            Sent& one = under_way[number_behind(text.substr(body + 29), "n")];
            out.deliveries.add(now - one.at);
            out.kinds[one.kind].deliveries.add(now - one.at);
            if (--one.missing == 0) {
                out.messages.add(now - one.at);
                out.kinds[one.kind].messages.add(now - one.at);
                out.all.push_back({one.kind, one.at, one.answer, now - one.at});
            }
        },
        true
    );
    const auto begun = Clock::now();
    const auto send_due = [&] {
        const double passed =
            std::min(seconds_since(begun), std::chrono::duration<double>(pace.length).count());
        while (static_cast<double>(out.sent) < passed * pace.per_second) {
            const std::size_t room = pace.room_of(out.sent);
            under_way[++number] = {
                nanoseconds(), pace.kind_of(out.sent), pace.receivers_of(room), 0};
            swarm.send(swarm.peers()[pace.sender_of(out.sent)], pace.text_of(room, number));
            ++out.sent;
        }
    };
    swarm.run(pace.length, [&] {
        send_due();
        return false;
    });
    swarm.run(5s, [&] { return out.messages.values.size() >= out.sent; });
    swarm.on_frame(nullptr, false);
    if (out.messages.values.size() != out.sent ||
        (pace.answered && out.answers.values.size() != out.sent))
        fmt::print(
            "  NOT COMPLETE: of {} messages {} were answered and {} reached everybody\n",
            out.sent,
            out.answers.values.size(),
            out.messages.values.size()
        );
    return out;
}

}  // namespace pchat::bench

// SPDX-License-Identifier: Apache-2.0
#include "server/domain/search_postings.h"

#include <array>
#include <utility>

namespace pchat {
namespace {

// A block of so many takes about 1,900 characters: on PostgreSQL a row of 2 kB is moved aside.
constexpr std::size_t block_size = 170;

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> values = [] {
    std::array<std::int8_t, 256> out{};
    for (auto& value : out)
        value = -1;
    for (std::size_t i = 0; i < digits.size(); ++i)
        out[static_cast<unsigned char>(digits[i])] = static_cast<std::int8_t>(i);
    return out;
}();

/// Numbers in seven bits a byte, bytes in six bits a character.
class Packer {
public:
    void add(std::uint64_t number) {
        while (number >= 0x80) {
            add_byte(static_cast<std::uint32_t>(number & 0x7FU) | 0x80U);
            number >>= 7U;
        }
        add_byte(static_cast<std::uint32_t>(number));
    }
    // Small ones either side of zero stay small.
    void add_signed(std::int64_t number) {
        add((static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63));
    }
    std::string finish() {
        if (bits_ > 0)
            out_ += digits[(waiting_ << (6U - bits_)) & 0x3FU];
        return std::move(out_);
    }

private:
    void add_byte(std::uint32_t byte) {
        waiting_ = (waiting_ << 8U) | byte;
        bits_ += 8;
        while (bits_ >= 6) {
            bits_ -= 6;
            out_ += digits[(waiting_ >> bits_) & 0x3FU];
        }
        waiting_ &= (1U << bits_) - 1;
    }

    std::string out_;
    std::uint32_t waiting_ = 0;
    std::uint32_t bits_ = 0;
};

class Unpacker {
public:
    explicit Unpacker(std::string_view text) {
        std::uint32_t waiting = 0;
        std::uint32_t bits = 0;
        bytes_.reserve(text.size() * 3 / 4);
        for (const char c : text) {
            const int value = values[static_cast<unsigned char>(c)];
            if (value < 0) {
                bad_ = true;
                return;
            }
            waiting = (waiting << 6U) | static_cast<std::uint32_t>(value);
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                bytes_.push_back(static_cast<std::uint8_t>(waiting >> bits));
            }
            waiting &= (1U << bits) - 1;
        }
    }
    [[nodiscard]] bool more() const { return !bad_ && at_ < bytes_.size(); }
    [[nodiscard]] bool bad() const { return bad_; }

    std::uint64_t take() {
        std::uint64_t out = 0;
        for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
            const std::uint8_t byte = bytes_[at_++];
            out |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80)
                return out;
        }
        bad_ = true;
        return 0;
    }
    std::int64_t take_signed() {
        const std::uint64_t number = take();
        return static_cast<std::int64_t>((number >> 1U) ^ (0 - (number & 1U)));
    }

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t at_ = 0;
    bool bad_ = false;
};

}  // namespace

std::string pack_occurrences(const std::vector<Occurrence>& list) {
    Packer out;
    Occurrence last;
    for (const Occurrence& one : list) {
        out.add_signed(one.at - last.at);
        out.add_signed(one.room.value - last.room.value);
        out.add(static_cast<std::uint64_t>(one.seq));
        last = one;
    }
    return out.finish();
}

std::optional<std::vector<Occurrence>> unpack_occurrences(std::string_view text) {
    Unpacker in{text};
    std::vector<Occurrence> out;
    Occurrence last;
    while (in.more()) {
        last.at += in.take_signed();
        last.room.value += in.take_signed();
        last.seq = static_cast<std::int64_t>(in.take());
        out.push_back(last);
    }
    if (in.bad())
        return std::nullopt;
    return out;
}

std::string pack_keys(const std::vector<WordKey>& ascending) {
    Packer out;
    WordKey last = 0;
    for (const WordKey key : ascending)
        out.add(static_cast<std::uint64_t>(key - std::exchange(last, key)));
    return out.finish();
}

std::optional<std::vector<WordKey>> unpack_keys(std::string_view text) {
    Unpacker in{text};
    std::vector<WordKey> out;
    WordKey last = 0;
    while (in.more())
        out.push_back(last += static_cast<WordKey>(in.take()));
    if (in.bad())
        return std::nullopt;
    return out;
}

std::vector<std::vector<Occurrence>> cut_in_blocks(std::vector<Occurrence> list) {
    std::vector<std::vector<Occurrence>> out;
    std::size_t begin = 0;
    while (list.size() - begin > block_size) {
        std::size_t end = begin + block_size;
        while (end < list.size() && list[end].at == list[end - 1].at)
            ++end;
        if (end == list.size())
            break;
        out.emplace_back(
            list.begin() + static_cast<std::ptrdiff_t>(begin),
            list.begin() + static_cast<std::ptrdiff_t>(end)
        );
        begin = end;
    }
    list.erase(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(begin));
    if (!list.empty())
        out.push_back(std::move(list));
    return out;
}

}  // namespace pchat

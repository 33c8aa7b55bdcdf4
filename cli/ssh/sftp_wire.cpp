// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/sftp_wire.h"

namespace pchat::cli::sftp {
namespace {

constexpr std::uint32_t version = 3;
constexpr std::size_t largest_reply = 256UL << 10;
constexpr std::string_view sync_name = "fsync@openssh.com";

constexpr unsigned char fxp_init = 1;
constexpr unsigned char fxp_version = 2;
constexpr unsigned char fxp_open = 3;
constexpr unsigned char fxp_close = 4;
constexpr unsigned char fxp_write = 6;
constexpr unsigned char fxp_fsetstat = 10;
constexpr unsigned char fxp_remove = 13;
constexpr unsigned char fxp_status = 101;
constexpr unsigned char fxp_handle = 102;
constexpr unsigned char fxp_extended = 200;

constexpr std::uint32_t write_create_truncate = 0x02 | 0x08 | 0x10;
constexpr std::uint32_t attribute_mode = 0x04;

class Writer {
public:
    explicit Writer(unsigned char type) { out_ += static_cast<char>(type); }

    Writer& number(std::uint32_t value) {
        for (int shift = 24; shift >= 0; shift -= 8)
            out_ += static_cast<char>((value >> shift) & 0xffU);
        return *this;
    }
    Writer& long_number(std::uint64_t value) {
        return number(static_cast<std::uint32_t>(value >> 32U))
            .number(static_cast<std::uint32_t>(value));
    }
    Writer& text(std::string_view value) {
        number(static_cast<std::uint32_t>(value.size()));
        out_ += value;
        return *this;
    }
    /// With its length before it, and that of what the caller adds.
    [[nodiscard]] std::string message(std::size_t more = 0) const {
        Writer length{0};
        length.number(static_cast<std::uint32_t>(out_.size() + more));
        return length.out_.substr(1) + out_;
    }

private:
    std::string out_;
};

/// Reads zeros and nothing behind the end, and remembers that.
class Reader {
public:
    explicit Reader(std::string_view rest) : rest_(rest) {}

    std::uint32_t number() {
        std::uint32_t out = 0;
        for (int i = 0; i < 4; ++i)
            out = (out << 8U) | byte();
        return out;
    }
    unsigned char byte() {
        if (rest_.empty()) {
            short_ = true;
            return 0;
        }
        const auto out = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return out;
    }
    std::string_view text() {
        const std::uint32_t size = number();
        if (size > rest_.size()) {
            short_ = true;
            rest_ = {};
        }
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(out.size());
        return out;
    }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool is_short() const { return short_; }

private:
    std::string_view rest_;
    bool short_ = false;
};

Reply read_reply(Reader& reader) {
    Reply out;
    switch (reader.byte()) {
    case fxp_version:
        out.kind = Reply::Kind::version;
        reader.number();  // 3 or lower: there is nothing newer in what is asked here
        while (!reader.at_end()) {
            const std::string_view name = reader.text();
            reader.text();
            out.can_sync = out.can_sync || name == sync_name;
        }
        break;
    case fxp_status:
        out.kind = Reply::Kind::status;
        out.id = reader.number();
        out.status = static_cast<Status>(reader.number());
        if (!reader.at_end())  // old servers stop here
            out.text = reader.text();
        break;
    case fxp_handle:
        out.kind = Reply::Kind::handle;
        out.id = reader.number();
        out.text = reader.text();
        break;
    default:
        out.id = reader.number();
    }
    return out;
}

}  // namespace

std::string hello() {
    return Writer{fxp_init}.number(version).message();
}

std::string open_for_writing(std::uint32_t id, std::string_view path, std::uint32_t mode) {
    return Writer{fxp_open}
        .number(id)
        .text(path)
        .number(write_create_truncate)
        .number(attribute_mode)
        .number(mode)
        .message();
}

std::string set_mode(std::uint32_t id, std::string_view handle, std::uint32_t mode) {
    return Writer{fxp_fsetstat}
        .number(id)
        .text(handle)
        .number(attribute_mode)
        .number(mode)
        .message();
}

std::string write_head(
    std::uint32_t id, std::string_view handle, std::uint64_t offset, std::size_t size
) {
    return Writer{fxp_write}
        .number(id)
        .text(handle)
        .long_number(offset)
        .number(static_cast<std::uint32_t>(size))
        .message(size);
}

std::string sync(std::uint32_t id, std::string_view handle) {
    return Writer{fxp_extended}.number(id).text(sync_name).text(handle).message();
}

std::string close(std::uint32_t id, std::string_view handle) {
    return Writer{fxp_close}.number(id).text(handle).message();
}

std::string remove(std::uint32_t id, std::string_view path) {
    return Writer{fxp_remove}.number(id).text(path).message();
}

std::optional<Reply> take_reply(std::string& bytes, bool& broken) {
    if (bytes.size() < 4)
        return std::nullopt;
    const std::size_t size = Reader{bytes}.number();
    broken = size == 0 || size > largest_reply;
    if (broken || bytes.size() - 4 < size)
        return std::nullopt;
    Reader reader{std::string_view{bytes}.substr(4, size)};
    Reply out = read_reply(reader);
    broken = reader.is_short();
    bytes.erase(0, 4 + size);
    return out;
}

}  // namespace pchat::cli::sftp

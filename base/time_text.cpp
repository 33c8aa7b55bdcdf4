// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace pchat {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;

constexpr Microseconds start_of(int year_number) {
    const sys_days first{year{year_number} / std::chrono::January / 1};
    return first.time_since_epoch().count() * day;
}
constexpr Microseconds earliest = start_of(0);
constexpr Microseconds latest = start_of(10'000) - 1;

void put_digits(char* end, std::int64_t number, int count) {
    for (; count > 0; --count, number /= 10)
        *--end = static_cast<char>('0' + number % 10);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes a time apart from left to right; once something does not fit, all that follows fails.
class Scanner {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    std::int64_t digits(std::size_t count, std::int64_t least, std::int64_t most) {
        std::int64_t number = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (i >= rest_.size() || !is_digit(rest_[i]))
                return wrong();
            number = number * 10 + (rest_[i] - '0');
        }
        rest_.remove_prefix(count);
        return number >= least && number <= most ? number : wrong();
    }

    // The character that is next, if it is one of these; 0 otherwise.
    char take(std::string_view one_of) {
        if (rest_.empty() || one_of.find(rest_.front()) == std::string_view::npos)
            return '\0';
        const char taken = rest_.front();
        rest_.remove_prefix(1);
        return taken;
    }

    void expect(std::string_view one_of) {
        if (take(one_of) == '\0')
            wrong();
    }

    // Millionths; what is finer is cut off.
    std::int64_t fraction() {
        if (take(".") == '\0')
            return 0;
        std::int64_t number = 0;
        std::size_t count = 0;
        for (; !rest_.empty() && is_digit(rest_.front()); ++count, rest_.remove_prefix(1))
            if (count < 6)
                number = number * 10 + (rest_.front() - '0');
        if (count == 0)
            return wrong();
        for (; count < 6; ++count)
            number *= 10;
        return number;
    }

    // Minutes that the clock is ahead of UTC.
    std::int64_t offset() {
        const char sign = take("Zz+-");
        if (sign == 'Z' || sign == 'z')
            return 0;
        if (sign == '\0')
            return wrong();
        const std::int64_t hours = digits(2, 0, 23);
        expect(":");
        const std::int64_t minutes = hours * 60 + digits(2, 0, 59);
        return sign == '-' ? -minutes : minutes;
    }

    [[nodiscard]] bool finished() const { return good_ && rest_.empty(); }

private:
    std::int64_t wrong() {
        good_ = false;
        rest_ = {};
        return 0;
    }

    std::string_view rest_;
    bool good_ = true;
};

}  // namespace

void append_time(std::string& out, Microseconds at) {
    at = std::clamp(at, earliest, latest);
    const auto date_days = std::chrono::floor<days>(std::chrono::microseconds{at});
    const year_month_day date{sys_days{date_days}};
    const std::int64_t in_day = at - date_days.count() * day;
    std::array<char, 28> text{"0000-00-00T00:00:00.000000Z"};
    put_digits(text.data() + 4, static_cast<int>(date.year()), 4);
    put_digits(text.data() + 7, static_cast<unsigned>(date.month()), 2);
    put_digits(text.data() + 10, static_cast<unsigned>(date.day()), 2);
    put_digits(text.data() + 13, in_day / (3'600 * second), 2);
    put_digits(text.data() + 16, in_day / (60 * second) % 60, 2);
    put_digits(text.data() + 19, in_day / second % 60, 2);
    put_digits(text.data() + 26, in_day % second, 6);
    out.append(text.data(), text.size() - 1);
}

std::string time_text(Microseconds at) {
    std::string out;
    append_time(out, at);
    return out;
}

std::optional<Microseconds> parse_time(std::string_view text) {
    Scanner in{text};
    const auto year_number = static_cast<int>(in.digits(4, 0, 9999));
    in.expect("-");
    const auto month = static_cast<unsigned>(in.digits(2, 1, 12));
    in.expect("-");
    const auto day_of_month = static_cast<unsigned>(in.digits(2, 1, 31));
    in.expect("Tt");
    std::int64_t seconds = in.digits(2, 0, 23) * 3'600;
    in.expect(":");
    seconds += in.digits(2, 0, 59) * 60;
    in.expect(":");
    seconds += in.digits(2, 0, 59);
    const std::int64_t millionths = in.fraction();
    seconds -= in.offset() * 60;
    const year_month_day date =
        year{year_number} / std::chrono::month{month} / std::chrono::day{day_of_month};
    if (!in.finished() || !date.ok())
        return std::nullopt;
    const Microseconds at =
        sys_days{date}.time_since_epoch().count() * day + seconds * second + millionths;
    if (at < earliest || at > latest)
        return std::nullopt;
    return at;
}

}  // namespace pchat

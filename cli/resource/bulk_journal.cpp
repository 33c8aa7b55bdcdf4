// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/bulk_journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

namespace pchat::cli {
namespace {

constexpr off_t most_bytes = 64 * 1024 * 1024;
constexpr std::string_view first_words = "pchatctl journal 1 of ";
constexpr std::array<std::string_view, 5> words{"untouched", "asked", "made", "existed", "failed"};

std::string heading(const BulkJournal::Subject& subject) {
    return fmt::format(
        "{}{}, {} items of sha256 {}, at {}\n",
        first_words,
        subject.command,
        subject.items,
        subject.sha256,
        subject.server
    );
}

/// None: errno says why.
std::optional<std::string> read_all(int descriptor, off_t size) {
    std::string out(static_cast<std::size_t>(size), '\0');
    std::size_t have = 0;
    while (have < out.size()) {
        const ssize_t got =
            ::pread(descriptor, out.data() + have, out.size() - have, static_cast<off_t>(have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return std::nullopt;
        if (got == 0)
            break;
        have += static_cast<std::size_t>(got);
    }
    out.resize(have);
    return out;
}

Error not_ours(const std::string& path, std::string_view why) {
    return fail_as(
               "other-journal",
               Errc::conflict,
               fmt::format("'{}' {}", path, why),
               "put things back as they were and go on, or remove it and run with "
               "--if-not-exists: what was made is taken as it is"
    )
        .value();
}

}  // namespace

BulkJournal::BulkJournal(BulkJournal&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)),
      states_(std::move(other.states_)) {}

BulkJournal::~BulkJournal() {
    if (descriptor_ >= 0)
        ::close(descriptor_);  // and with it the lock
}

Error BulkJournal::trouble(std::string_view doing) const {
    return fail(
               Errc::io,
               fmt::format("{} journal '{}': {}", doing, path_, std::strerror(errno)),
               "--journal FILE puts it elsewhere"
    )
        .value();
}

Result<BulkJournal> BulkJournal::open(const std::string& path, const Subject& subject) {
    for (;;) {
        const int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        BulkJournal out{path, ::open(path.c_str(), flags, 0600), subject.items};
        if (out.descriptor_ < 0)
            return pass(out.trouble("opening"));
        if (Result<void> held = out.lock(); !held)
            return pass(std::move(held).error());
        struct stat facts {};
        if (::fstat(out.descriptor_, &facts) != 0)
            return pass(out.trouble("reading"));
        if (facts.st_nlink == 0)
            continue;  // the other one has just ended, and removed it
        if (!S_ISREG(facts.st_mode) || facts.st_size > most_bytes)
            return pass(not_ours(path, "is no journal of pchatctl"));
        if (Result<void> ready = out.begin_or_read(subject); !ready)
            return pass(std::move(ready).error());
        return out;
    }
}

Result<void> BulkJournal::lock() const {
    while (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK)
            return pass(trouble("locking"));
        return fail_as(
            "journal-in-use",
            Errc::conflict,
            fmt::format("another pchatctl is at it: it holds '{}'", path_),
            "wait for it, or end it"
        );
    }
    return {};
}

Result<void> BulkJournal::begin_or_read(const Subject& subject) {
    struct stat facts {};
    if (::fstat(descriptor_, &facts) != 0)
        return pass(trouble("reading"));
    const std::optional<std::string> text = read_all(descriptor_, facts.st_size);
    if (!text)
        return pass(trouble("reading"));
    const std::string wanted = heading(subject);
    std::string_view rest = *text;
    // Killed while it wrote its first line, at the latest.
    if (rest.size() < wanted.size() && wanted.starts_with(rest)) {
        if (::ftruncate(descriptor_, 0) != 0)
            return pass(trouble("beginning"));
        return append(wanted);
    }
    if (!rest.starts_with(first_words))
        return pass(not_ours(path_, "is no journal of pchatctl"));
    if (!rest.starts_with(wanted))
        return pass(not_ours(
            path_, "is of another file or server, or the file was changed since it was begun"
        ));
    std::size_t whole = wanted.size();
    rest.remove_prefix(whole);
    for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;) {
        if (!take_line(rest.substr(0, end)))
            return pass(not_ours(path_, "holds a line that no pchatctl has written"));
        whole += end + 1;
        rest.remove_prefix(end + 1);
    }
    // Half a line at the end: killed while it was written.
    if (!rest.empty() && ::ftruncate(descriptor_, static_cast<off_t>(whole)) != 0)
        return pass(trouble("mending"));
    return {};
}

bool BulkJournal::take_line(std::string_view line) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos)
        return false;
    std::size_t number = 0;
    const char* end = line.data() + line.size();
    const auto [stop, problem] = std::from_chars(line.data() + blank + 1, end, number);
    if (problem != std::errc{} || stop != end || number < 1 || number > states_.size())
        return false;
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words.at(i) == line.substr(0, blank)) {
            states_[number - 1] = static_cast<ItemState>(i);
            return true;
        }
    return false;
}

Result<void> BulkJournal::append(std::string_view text) {
    while (!text.empty()) {
        const ssize_t put = ::write(descriptor_, text.data(), text.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return pass(trouble("writing"));
        text.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

Result<void> BulkJournal::put(std::size_t item, ItemState state) {
    states_.at(item) = state;
    return append(fmt::format("{} {}\n", words.at(static_cast<std::size_t>(state)), item + 1));
}

Result<void> BulkJournal::remove() {
    if (::unlink(path_.c_str()) != 0 && errno != ENOENT)
        return pass(trouble("removing"));
    return {};
}

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#include "base/secret_reference.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t longest = 8192;
constexpr std::size_t longest_open = 256 * 1024;
constexpr std::string_view env_prefix = "env:";
constexpr std::string_view file_prefix = "file:";

Secret without_line_end(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return Secret{std::move(text)};
}

enum class Kind : std::uint8_t { secret, open };

std::string_view name_of(Kind kind) {
    return kind == Kind::secret ? "secret file" : "file";
}

Result<Secret> read_file(const std::string& path, Kind kind) {
    const std::string_view what = name_of(kind);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return fail(
            Errc::bad_file,
            fmt::format("cannot read the {} {}: {}", what, path, std::strerror(errno))
        );
    struct stat facts {};
    const bool regular = ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
    const std::size_t most = kind == Kind::secret ? longest : longest_open;
    std::string bytes(most + 1, '\0');
    const ssize_t got = regular ? ::read(file, bytes.data(), bytes.size()) : -1;
    ::close(file);
    if (!regular)
        return fail(Errc::bad_file, fmt::format("the {} {} is not a regular file", what, path));
    if (got < 0)
        return fail(Errc::bad_file, fmt::format("cannot read the {} {}", what, path));
    if (static_cast<std::size_t>(got) > most)
        return fail(
            Errc::bad_file, fmt::format("the {} {} is longer than {} bytes", what, path, most)
        );
    // A secret that everybody on the machine can read is none.
    if (kind == Kind::secret && (facts.st_mode & S_IRWXO) != 0)
        return fail(
            Errc::denied,
            fmt::format("the secret file {} is open to everybody", path),
            fmt::format("chmod 600 {}", path)
        );
    bytes.resize(static_cast<std::size_t>(got));
    return without_line_end(std::move(bytes));
}

Result<Secret> follow(
    const std::string& reference,
    const std::string& folder,
    const EnvironmentLookup& environment,
    std::string_view named_in,
    Kind kind
) {
    if (reference.starts_with(env_prefix)) {
        const std::string name = reference.substr(env_prefix.size());
        const auto value = environment(name);
        if (!value || value->empty())
            return fail(
                Errc::usage,
                fmt::format("the environment variable {} is not set", name),
                fmt::format("{} names it as {}", named_in, reference)
            );
        return without_line_end(*value);
    }
    if (reference.starts_with(file_prefix)) {
        const std::string path = reference.substr(file_prefix.size());
        return read_file(
            path.starts_with('/') || folder.empty() ? path : folder + "/" + path, kind
        );
    }
    return fail(Errc::invalid, "a secret must be named as env:NAME or file:PATH");
}

}  // namespace

bool is_secret_reference(std::string_view text) {
    const auto names_one = [&](std::string_view prefix) {
        return text.starts_with(prefix) && text.size() > prefix.size();
    };
    return names_one(env_prefix) || names_one(file_prefix);
}

Result<Secret> read_secret(
    const std::string& reference,
    const std::string& folder,
    const EnvironmentLookup& environment,
    std::string_view named_in
) {
    return follow(reference, folder, environment, named_in, Kind::secret);
}

Result<std::string> read_referred_text(
    const std::string& reference,
    const std::string& folder,
    const EnvironmentLookup& environment,
    std::string_view named_in
) {
    const Result<Secret> text = follow(reference, folder, environment, named_in, Kind::open);
    if (!text)
        return pass(text.error());
    return std::string{text->reveal()} + "\n";
}

}  // namespace pchat

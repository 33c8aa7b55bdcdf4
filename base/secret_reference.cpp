// SPDX-License-Identifier: Apache-2.0
#include "base/secret_reference.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t longest = 8192;
constexpr std::string_view env_prefix = "env:";
constexpr std::string_view file_prefix = "file:";

Secret without_line_end(std::string text) {
    while (text.ends_with('\n') || text.ends_with('\r'))
        text.pop_back();
    return Secret{std::move(text)};
}

Result<Secret> read_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return fail(
            Errc::bad_file,
            fmt::format("cannot read the secret file {}: {}", path, std::strerror(errno))
        );
    struct stat facts {};
    const bool regular = ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
    std::array<char, longest + 1> bytes{};
    const ssize_t got = regular ? ::read(file, bytes.data(), bytes.size()) : -1;
    ::close(file);
    if (!regular)
        return fail(Errc::bad_file, fmt::format("the secret file {} is not a regular file", path));
    if (got < 0)
        return fail(Errc::bad_file, fmt::format("cannot read the secret file {}", path));
    if (static_cast<std::size_t>(got) > longest)
        return fail(
            Errc::bad_file, fmt::format("the secret file {} is longer than {} bytes", path, longest)
        );
    // A secret that everybody on the machine can read is none.
    if ((facts.st_mode & S_IRWXO) != 0)
        return fail(
            Errc::denied,
            fmt::format("the secret file {} is open to everybody", path),
            fmt::format("chmod 600 {}", path)
        );
    return without_line_end({bytes.data(), static_cast<std::size_t>(got)});
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
        return read_file(path.starts_with('/') || folder.empty() ? path : folder + "/" + path);
    }
    return fail(Errc::invalid, "a secret must be named as env:NAME or file:PATH");
}

}  // namespace pchat

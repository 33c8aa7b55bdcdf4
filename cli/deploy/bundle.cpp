// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/bundle.h"

#include "cli/child_process.h"
#include "cli/part_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <utility>

namespace pchat::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "pchat-";
constexpr std::string_view suffix = ".tar.gz";
constexpr std::size_t hash_digits = 12;
constexpr std::string_view how_to_make = "cmake --build build/release --target bundle makes one; "
                                         "--bundle FILE names it";

bool is_hash(std::string_view text) {
    return text.size() == hash_digits && std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
           });
}

/// A release becomes the name of a folder on nodes.
bool is_version(std::string_view text) {
    return !text.empty() && text.size() <= 40 &&
           std::isdigit(static_cast<unsigned char>(text[0])) &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '.' || c == '~' || c == '+' || c == '-';
           });
}

Result<std::string> find_bundle(const Context& ctx, const std::string& named) {
    std::error_code problem;
    if (!named.empty()) {
        if (fs::is_regular_file(named, problem))
            return named;
        return fail(
            Errc::not_found, fmt::format("there is no bundle {}", named), std::string{how_to_make}
        );
    }
    const std::vector<std::string> folders = bundle_folders(ctx);
    // The clock of files counts from a day to come, so that "no time" would be the newest.
    std::pair<fs::file_time_type, std::string> newest{fs::file_time_type::min(), {}};
    for (const std::string& folder : folders)
        for (const auto& entry : fs::directory_iterator(folder, problem))
            if (!release_of(entry.path().filename()).empty())
                newest = std::max(newest, {entry.last_write_time(problem), entry.path()});
    if (!newest.second.empty())
        return newest.second;
    return fail(
        Errc::not_found,
        fmt::format("there is no release bundle in {}", fmt::join(folders, ", ")),
        std::string{how_to_make}
    );
}

/// A small file out of the archive; it stands near the beginning.
Result<std::string> member_of(const Context& ctx, const Bundle& bundle, std::string_view name) {
    const auto tar = find_program("tar", ctx.variable("PATH"));
    if (!tar)
        return fail(Errc::not_found, "there is no tar in $PATH");
    Child child;
    child.program = *tar;
    child.arguments = {
        "--extract",
        "--gzip",
        "--to-stdout",
        "--occurrence=1",
        "--file",
        bundle.path,
        "--",
        fmt::format("{}/{}", bundle.release, name)};
    Result<ChildResult> done = run_child(child);
    if (!done)
        return pass(std::move(done).error());
    if (done->exit_code != 0)
        return fail(
            Errc::bad_file,
            fmt::format("{} is no release bundle: it has no {}", bundle.path, name),
            std::string{how_to_make}
        );
    return std::move(done->out);
}

}  // namespace

std::string release_of(const std::string& file_name) {
    if (!file_name.starts_with(prefix) || !file_name.ends_with(suffix) ||
        file_name.size() <= prefix.size() + suffix.size())
        return {};
    const std::string release =
        file_name.substr(prefix.size(), file_name.size() - prefix.size() - suffix.size());
    const std::size_t dash = release.rfind('-');
    if (dash == std::string::npos || !is_hash(std::string_view{release}.substr(dash + 1)) ||
        !is_version(std::string_view{release}.substr(0, dash)))
        return {};
    return release;
}

std::vector<std::string> bundle_folders(const Context& ctx) {
    std::vector<std::string> out;
    if (std::string named = ctx.variable("PCHATCTL_BUNDLE"); !named.empty())
        out.push_back(std::move(named));
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem);
    if (!problem)
        out.push_back(program.parent_path().parent_path() / "bundle");
    out.emplace_back("/usr/share/pchat/bundle");
    return out;
}

std::vector<int> numbers_of(std::string_view version) {
    std::vector<int> out;
    const char* at = version.data();
    const char* end = at + version.size();
    while (true) {
        int number = 0;
        const auto read = std::from_chars(at, end, number);
        if (read.ec != std::errc{})
            return out;
        out.push_back(number);
        if (read.ptr == end || *read.ptr != '.')
            return out;
        at = read.ptr + 1;
    }
}

Result<Bundle> open_bundle(const Context& ctx, const std::string& named) {
    Result<std::string> path = find_bundle(ctx, named);
    if (!path)
        return pass(std::move(path).error());
    Bundle out;
    out.path = std::move(*path);
    out.release = release_of(fs::path{out.path}.filename());
    if (out.release.empty())
        return fail(
            Errc::bad_file,
            fmt::format("{} is not named as a release bundle is", out.path),
            "pchat-VERSION-HASH.tar.gz, as scripts/bundle writes it"
        );
    out.version = out.release.substr(0, out.release.size() - hash_digits - 1);
    Result<Digest> digest = digest_file(out.path);
    if (!digest)
        return pass(std::move(digest).error());
    out.sha256 = std::move(digest->sha256);
    out.bytes = digest->bytes;
    const Result<std::string> required = member_of(ctx, out, "REQUIRES");
    if (!required)
        return pass(required.error());
    std::istringstream lines{*required};
    for (std::string key, value; lines >> key >> value;)
        if (key == "architecture")
            out.architecture = value;
        else if (key == "glibc")
            out.glibc = value;
        else if (key == "content-schema")
            out.schema.content = numbers_of(value).empty() ? 0 : numbers_of(value)[0];
        else if (key == "compliance-schema")
            out.schema.compliance = numbers_of(value).empty() ? 0 : numbers_of(value)[0];
    if (out.architecture.empty() || out.glibc.empty())
        return fail(Errc::bad_file, fmt::format("{} does not say what it requires", out.path));
    return out;
}

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/tar_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t most_name = 100;
constexpr std::size_t most_prefix = 155;

/// The field's text, zeroes behind it.
void put(std::string& header, std::size_t at, std::string_view text) {
    std::copy(text.begin(), text.end(), header.begin() + static_cast<std::ptrdiff_t>(at));
}

/// The header of IEEE Std 1003.1, "ustar Interchange Format".
std::string header_of(std::string_view prefix, std::string_view name, std::size_t size) {
    std::string out(block, '\0');
    put(out, 0, name);
    put(out, 100, "0000600");                     // mode
    put(out, 108, "0000000");                     // user
    put(out, 116, "0000000");                     // group
    put(out, 124, fmt::format("{:011o}", size));  // bytes
    put(out, 136, "00000000000");                 // date
    put(out, 148, "        ");                    // sum, counted as blanks
    put(out, 156, "0");                           // a file
    put(out,
        257,
        std::string_view{
            "ustar\0"
            "00",
            8});
    put(out, 265, "root");
    put(out, 297, "root");
    put(out, 345, prefix);
    const unsigned sum = std::accumulate(out.begin(), out.end(), 0U, [](unsigned all, char c) {
        return all + static_cast<unsigned char>(c);
    });
    put(out, 148, fmt::format("{:06o}", sum));
    out[154] = '\0';
    return out;
}

}  // namespace

Result<void> TarArchive::add(std::string_view path, std::string_view content) {
    std::string_view prefix;
    std::string_view name = path;
    if (path.size() > most_name) {
        const std::size_t slash = path.find('/', path.size() - most_name - 1);
        if (slash == std::string_view::npos || slash > most_prefix)
            return fail(Errc::too_large, fmt::format("the path '{}' is too long", path));
        prefix = path.substr(0, slash);
        name = path.substr(slash + 1);
    }
    bytes_ += header_of(prefix, name, content.size());
    bytes_ += content;
    bytes_.append((block - content.size() % block) % block, '\0');
    return {};
}

std::string TarArchive::take() && {
    bytes_.append(2 * block, '\0');
    return std::exchange(bytes_, {});
}

}  // namespace pchat::cli

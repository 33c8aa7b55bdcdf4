// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

// What every program that writes a file has to say and to do: one wording for the same failure, one
// class for it, and names that outlast a power cut.
namespace pchat {

/// "/etc" of "/etc/pchat.yaml", "." of a name alone.
std::string directory_of(const std::string& path);

/// What went wrong with a file that is to be written, by errno: `doing` is "write", "create". A
/// full disk is Errc::io, a right that lacks Errc::denied, a directory that lacks Errc::not_found;
/// each with its way out.
tl::unexpected<Error> file_error(std::string_view doing, const std::string& path, int code);

/// Errc::conflict for a file that is there; --force is the way out.
tl::unexpected<Error> exists_already(const std::string& path);

/// A new name lasts once its directory is on the disk. Some file systems have nothing to sync
/// there, so nothing is reported.
void sync_directory_of(const std::string& path);

/// Whose a file is, and who may do what with it.
struct FileOwner {
    std::uint32_t user = 0;
    std::uint32_t group = 0;
    std::uint32_t mode = 0;
};

/// What a service's file shall have that takes this name: what the one there has; a new one is open
/// to its owner only. One that root makes goes to the owner of the directory, for that is the
/// service, and could not open it otherwise.
FileOwner owner_for(const std::string& path);

/// Gives an open file, which people call `path`, to somebody. Errc::denied where only root may.
Result<void> give_to(int descriptor, const FileOwner& owner, const std::string& path);

}  // namespace pchat

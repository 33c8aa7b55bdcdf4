// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/provision.h"

#include <string>
#include <string_view>
#include <vector>

// A file that SQL Server wrote can be read by nobody else, and no manifest stands beside it. So
// what the manifest of the other engines says stands in the backup's own description.
namespace pchat::sql {

/// "pchat-backup/v1 content schema ": the version follows.
std::string backup_description(Purpose purpose);

/// A file of a database; one of a backup has its logical name, one of the server its path.
struct ServerFile {
    std::string name;
    bool log = false;
};

/// What RESTORE HEADERONLY and FILELISTONLY say of a backup, and sys.master_files of the database
/// that it shall replace.
struct ServerBackup {
    struct Set {
        std::string type;  // "1": a full backup of a database
        std::string description;
    };
    std::vector<Set> sets;
    std::vector<ServerFile> files;
    std::vector<ServerFile> live;
};

/// Where a restore puts a file of the backup.
struct FileMove {
    std::string logical_name;
    std::string path;
};

/// Refuses what is not one full backup of this purpose with a schema that this program knows; else
/// the files of the live database that take up those of the backup, wherever that was taken.
Result<std::vector<FileMove>> judge_backup(
    const std::string& file, const ServerBackup& found, Purpose purpose
);

/// Refuses a live database that is the other one of the two. One that is empty, or newer, may be
/// replaced.
Result<void> judge_live(
    const Target& live, const std::vector<AppliedStep>& applied, Purpose purpose
);

/// Asks the server for all this and judges it; changes nothing.
Result<std::vector<FileMove>> look_into_sqlserver_backup(
    const Wanted& wanted, const std::string& file
);

}  // namespace pchat::sql

// SPDX-License-Identifier: Apache-2.0
#include "cli/backup_manifest.h"

#include "base/version.h"
#include "server/store/sql/schema.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view format_name = "pchat-backup/v1";
constexpr Microseconds second = 1'000'000;

std::tm parts_of(Microseconds at) {
    const auto seconds = static_cast<std::time_t>(at / second);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    return parts;
}

Json to_json(const BackupManifest& manifest) {
    Json out{
        {"format", format_name},
        {"engine", manifest.engine},
        {"database", manifest.purpose},
        {"pool", manifest.pool},
        {"schema_version", manifest.schema_version},
        {"sha256", manifest.digest.sha256},
        {"bytes", manifest.digest.bytes},
        {"at", manifest.at},
        {"created", time_text(manifest.at)},
        {"program", "pchatctl " + std::string{version()}},
        {"rows", Json::object()}};
    for (const auto& [table, rows] : manifest.rows)
        out["rows"][table] = rows;
    return out;
}

// Throws as the library does where a member is missing or of another type.
BackupManifest from_json(const Json& json) {
    BackupManifest out;
    out.engine = json.at("engine").get<std::string>();
    out.purpose = json.at("database").get<std::string>();
    out.pool = json.at("pool").get<std::string>();
    out.schema_version = json.at("schema_version").get<int>();
    out.digest.sha256 = json.at("sha256").get<std::string>();
    out.digest.bytes = json.at("bytes").get<std::int64_t>();
    out.at = json.at("at").get<std::int64_t>();
    for (const auto& [table, rows] : json.at("rows").items())
        out.rows.emplace_back(table, rows.get<std::int64_t>());
    return out;
}

Result<BackupManifest> parse(const std::string& backup) {
    const std::string path = manifest_path(backup);
    std::error_code unknown;
    if (std::filesystem::exists(path, unknown) && !std::filesystem::is_regular_file(path, unknown))
        return fail(Errc::bad_file, fmt::format("{} is not a regular file", path));
    std::ifstream file{path, std::ios::binary};
    if (!file)
        return fail(
            Errc::not_found,
            fmt::format("cannot read {}", path),
            "a backup is restored with the manifest that pchatctl db backup wrote beside it"
        );
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto refuse = [&](std::string_view why) {
        return fail(
            Errc::bad_file,
            fmt::format("{} is no manifest of a backup: {}", path, why),
            "take the one that was written with the backup"
        );
    };
    try {
        const Json json = Json::parse(text);
        if (!json.is_object() || json.value("format", "") != format_name)
            return refuse("it does not say pchat-backup/v1");
        return from_json(json);
    } catch (const nlohmann::json::exception&) {
        return refuse("a part of it is missing or damaged");
    }
}

}  // namespace

std::string manifest_path(const std::string& backup) {
    return backup + ".json";
}

Result<PartFile> begin_manifest(
    const std::string& backup, const BackupManifest& manifest, Replace replace
) {
    Result<PartFile> part = PartFile::create(manifest_path(backup), replace);
    if (!part)
        return pass(std::move(part).error());
    if (Result<void> written = part->write(to_json(manifest).dump(2) + "\n"); !written)
        return pass(std::move(written).error());
    return part;
}

Result<BackupManifest> read_manifest(
    const std::string& backup, sql::Engine engine, sql::Purpose purpose
) {
    Result<BackupManifest> manifest = parse(backup);
    if (!manifest)
        return manifest;
    if (manifest->engine != to_string(engine))
        return fail(
            Errc::conflict,
            fmt::format(
                "{} was taken from {}, the database is {}",
                backup,
                manifest->engine,
                to_string(engine)
            ),
            "a backup goes back to the engine that it came from"
        );
    if (manifest->purpose != to_string(purpose))
        return fail(
            Errc::conflict,
            fmt::format(
                "{} holds a {} database, not a {} one",
                backup,
                manifest->purpose,
                to_string(purpose)
            ),
            fmt::format("choose the other one: --database {}", manifest->purpose)
        );
    const std::size_t known = sql::built_in_steps(engine, purpose).size();
    if (manifest->schema_version > static_cast<int>(known))
        return fail(
            Errc::conflict,
            fmt::format(
                "{} has schema version {}, this program knows {}",
                backup,
                manifest->schema_version,
                known
            ),
            "restore it with the newer program that took it"
        );
    return manifest;
}

Result<void> check_digest(
    const std::string& backup, const BackupManifest& manifest, const Digest& found
) {
    if (found.bytes == manifest.digest.bytes && found.sha256 == manifest.digest.sha256)
        return {};
    return fail(
        Errc::bad_file,
        fmt::format(
            "{} is not what was backed up: {} bytes with sha256 {}..., its manifest says {} bytes "
            "with {}...",
            backup,
            found.bytes,
            found.sha256.substr(0, 12),
            manifest.digest.bytes,
            manifest.digest.sha256.substr(0, 12)
        ),
        "it was damaged or changed: take another backup"
    );
}

std::string time_text(Microseconds at) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", parts_of(at));
}

std::string time_for_names(Microseconds at) {
    return fmt::format("{:%Y%m%dT%H%M%SZ}", parts_of(at));
}

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#include "server/app/read_settings.h"

#include "base/config/read.h"
#include "server/app/settings_rules.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <system_error>

namespace pchat::app {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> cannot_read(const std::string& path, const std::string& why) {
    return fail(
        Errc::bad_file,
        fmt::format("cannot read {}: {}", path, why),
        "the settings are described in pchatd.yaml(5)"
    );
}

Result<std::string> read_text(const std::string& path) {
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (code || !fs::exists(status))
        return cannot_read(path, code ? code.message() : "there is no such file");
    // Opening a pipe that nobody writes to would wait for ever.
    if (!fs::is_regular_file(status))
        return cannot_read(path, "it is not a regular file");
    constexpr std::size_t most_bytes = config::DocumentLimits{}.bytes;
    if (fs::file_size(path, code) > most_bytes || code)
        return cannot_read(path, code ? code.message() : "it is too large to be settings");
    std::ifstream file{path, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    if (!file.is_open() || file.bad())
        return cannot_read(path, "it needs read permission for this user");
    return text;
}

Result<SettingsFile> parse_file(const std::string& path) {
    Result<std::string> text = read_text(path);
    if (!text)
        return pass(std::move(text).error());
    return parse_settings(path, std::move(*text));
}

void add_usual_listener(Settings& settings) {
    if (!settings.listen.absent())
        return;
    ListenSettings listener;
    listener.at = settings.at;
    listener.address.value = "0.0.0.0";
    listener.port.value = 443;
    settings.listen.items.push_back(listener);
}

/// What the rules find in settings that were read; values that could not be read are passed over.
std::vector<Diagnostic> judge(const Settings& settings) {
    std::vector<Diagnostic> all;
    for (const SettingsRule& rule : settings_rules()) {
        std::vector<Diagnostic> findings;
        rule.check(settings, findings);
        for (Diagnostic& finding : findings) {
            finding.rule = rule.id;
            finding.severity = rule.severity;
            all.push_back(std::move(finding));
        }
    }
    return all;
}

}  // namespace

std::string Settings::path(const std::string& written) const {
    return written.starts_with('/') || folder.empty() ? written : folder + "/" + written;
}

SettingsFile parse_settings(std::string name, std::string text) {
    SettingsFile file;
    file.settings.folder = fs::path{name}.parent_path().string();
    const config::Document document = config::read_document(std::move(name), std::move(text));
    file.source = document.source;
    file.findings = document.problems;
    if (document.root) {
        config::read_object(
            *document.root, settings_shape(), file.settings, file.findings, "the settings"
        );
        add_usual_listener(file.settings);
        const auto judged = judge(file.settings);
        file.findings.insert(file.findings.end(), judged.begin(), judged.end());
    }
    sort_by_place(file.findings);
    return file;
}

Result<Settings> read_settings(const std::string& path, std::ostream& err) {
    Result<SettingsFile> file = parse_file(path);
    if (!file)
        return pass(std::move(file).error());
    if (!file->findings.empty())
        err << render_text(*file->source, file->findings);
    if (tally(file->findings).errors > 0)
        return fail_silently(Errc::bad_file);
    return std::move(file->settings);
}

int check_config(const std::string& path, std::ostream& out, std::ostream& err) {
    const Result<SettingsFile> file = parse_file(path);
    if (!file) {
        err << fmt::format("pchatd: {}\nhint: {}\n", file.error().message, file.error().hint);
        return error_class(file.error().code).exit_code;
    }
    out << render_text(*file->source, file->findings);
    return tally(file->findings).errors > 0 ? error_class(Errc::bad_file).exit_code : 0;
}

}  // namespace pchat::app

// SPDX-License-Identifier: Apache-2.0
#include "cli/client/contexts.h"

#include "base/config/document.h"
#include "base/config/field_words.h"
#include "base/config/read.h"
#include "base/diagnostic.h"
#include "base/file_write.h"
#include "cli/local_server/secret_file.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using namespace config::field_words;
using config::plain;
using config::Shape;
using Json = nlohmann::ordered_json;

const Shape& saved_shape() {
    static const Shape shape{
        "context",
        "name",
        {required(plain<&SavedServer::name>("name", "what it is called")),
         required(plain<&SavedServer::server>("server", "URL of the server")),
         long_text(
             plain<&SavedServer::ca>("ca", "file with the authorities that are trusted"), 4096
         ),
         plain<&SavedServer::user>("user", "who signed in"),
         config::field_words::secret(plain<&SavedServer::token>("token", "proof of the sign-in")),
         plain<&SavedServer::expires>("expires", "until when the token is good")}};
    return shape;
}

const Shape& contexts_shape() {
    static const Shape shape{
        "contexts",
        "",
        {plain<&Contexts::current>("current", "the one that commands use"),
         config::object_list<&Contexts::contexts>("contexts", saved_shape, "all of them")}};
    return shape;
}

Result<void> check_private(const std::string& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0 || (facts.st_mode & 077U) == 0)
        return {};
    return fail(
        Errc::denied,
        fmt::format("{} holds tokens, and others may read it", path),
        fmt::format("chmod 600 {}", path)
    );
}

}  // namespace

const SavedServer* Contexts::find(const std::string& name) const {
    for (const SavedServer& one : contexts)
        if (*one.name == name)
            return &one;
    return nullptr;
}

const SavedServer* Contexts::find_server(const std::string& url) const {
    const SavedServer* preferred = find(*current);
    if (preferred != nullptr && *preferred->server == url)
        return preferred;
    for (const SavedServer& one : contexts)
        if (*one.server == url)
            return &one;
    return nullptr;
}

void Contexts::put(const SavedServer& server) {
    for (SavedServer& one : contexts.items)
        if (*one.name == *server.name) {
            one = server;
            return;
        }
    contexts.items.push_back(server);
}

bool Contexts::remove(const std::string& name) {
    if (*current == name)
        current.value.clear();
    return std::erase_if(contexts.items, [&](const SavedServer& one) {
               return *one.name == name;
           }) > 0;
}

std::string contexts_path(const Context& ctx) {
    // The XDG specification: a path that is not absolute counts as not set.
    const std::string config = ctx.variable("XDG_CONFIG_HOME");
    if (config.starts_with('/'))
        return config + "/pchat/contexts.yaml";
    const std::string home = ctx.variable("HOME");
    return home.empty() ? std::string{} : home + "/.config/pchat/contexts.yaml";
}

Result<Contexts> read_contexts(Context& ctx) {
    Contexts out;
    const std::string path = contexts_path(ctx);
    if (path.empty())
        return out;
    if (Result<void> good = check_private(path); !good)
        return pass(std::move(good).error());
    const Result<std::optional<Secret>> text = read_secret_file(path);
    if (!text)
        return pass(text.error());
    if (!*text)
        return out;
    const config::Document document = config::read_document(path, std::string{(*text)->reveal()});
    std::vector<Diagnostic> findings = document.problems;
    if (document.root && document.root->kind != config::NodeKind::null)
        config::read_object(*document.root, contexts_shape(), out, findings, "the contexts");
    if (tally(findings).errors == 0)
        return out;
    sort_by_place(findings);
    ctx.err << render_text(*document.source, findings);
    return fail(
        Errc::bad_file,
        fmt::format("{} cannot be used", path),
        "mend it, or remove it and sign in again: pchatctl login"
    );
}

Result<void> write_contexts(const Context& ctx, const Contexts& contexts) {
    const std::string path = contexts_path(ctx);
    if (path.empty())
        return fail(Errc::usage, "there is no place for contexts", "set HOME or XDG_CONFIG_HOME");
    std::error_code problem;
    std::filesystem::create_directories(directory_of(path), problem);
    if (problem)
        return file_error("write", path, problem.value());
    Json list = Json::array();
    for (const SavedServer& one : contexts.contexts) {
        Json item{{"name", *one.name}, {"server", *one.server}};
        for (const auto& [key, value] :
             {std::pair{"ca", &one.ca},
              std::pair{"user", &one.user},
              std::pair{"token", &one.token},
              std::pair{"expires", &one.expires}})
            if (!(*value)->empty())
                item[key] = **value;
        list.push_back(std::move(item));
    }
    const Json document{{"current", *contexts.current}, {"contexts", std::move(list)}};
    return write_secret_file(path, to_yaml(document), 0600);
}

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/located.h"
#include "base/result.h"
#include "cli/context.h"

#include <string>

namespace pchat::cli {

/// A server that somebody signed in at.
struct SavedServer : config::Object {
    config::Located<std::string> name;
    config::Located<std::string> server;   // URL
    config::Located<std::string> ca;       // file; empty: the system's authorities
    config::Located<std::string> user;     // "sip:ann@contoso.example"
    config::Located<std::string> token;    // empty: signed out
    config::Located<std::string> expires;  // of the token
};

/// The file of contexts.
struct Contexts : config::Object {
    config::Located<std::string> current;
    config::List<SavedServer> contexts;

    [[nodiscard]] const SavedServer* find(const std::string& name) const;
    [[nodiscard]] const SavedServer* find_server(const std::string& url) const;
    /// Replaces the one of that name.
    void put(const SavedServer& server);
    bool remove(const std::string& name);
};

/// $XDG_CONFIG_HOME/pchat/contexts.yaml, or below ~/.config; empty when neither is known.
std::string contexts_path(const Context& ctx);

/// Empty when there is no file. Refuses one that others can read.
Result<Contexts> read_contexts(Context& ctx);

/// Mode 0600; readers see the old file or the new one.
Result<void> write_contexts(const Context& ctx, const Contexts& contexts);

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/secret.h"
#include "cli/args.h"
#include "cli/client/api_client.h"
#include "cli/client/contexts.h"
#include "cli/client/transport.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace pchat::cli {

/// `--server`, `--ca-file`, `--token-file`, `--context`, `--timeout`: the same wherever a command
/// talks to a server.
struct ServerFlags {
    std::string server;
    std::string ca_file;
    std::string token_file;
    std::string context;
    std::optional<std::int64_t> timeout;
    std::int64_t usual_timeout = 30;  // seconds; more for what is known to take longer

    void declare(Args& args);
    /// Without --token-file: for signing in.
    void declare_address(Args& args);
};

/// A value and where it came from: "--server", "PCHATCTL_SERVER", "context 'lab'".
struct Chosen {
    std::string value;
    std::string origin;
};

/// The server that a command talks to: flag > environment > context > nothing.
struct ServerChoice {
    Endpoint endpoint;
    Secret token;  // empty: not signed in
    Chosen server;
    Chosen ca_file;
    std::string token_origin;  // empty: there is none
    std::string context;       // its name, when one is in use
};

/// Fails when no server is named. The token and the authority of a context go to its own server
/// only.
Result<ServerChoice> choose_server(Context& ctx, const ServerFlags& flags);

/// A client for it; `usage` without a token.
Result<std::unique_ptr<ApiClient>> connect(Context& ctx, const ServerFlags& flags);

/// By the context's factory, or a real connection.
std::unique_ptr<Transport> make_transport(const Context& ctx, const Endpoint& endpoint);

}  // namespace pchat::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/client/server_choice.h"

#include "cli/client/http_client.h"
#include "cli/local_server/secret_file.h"

#include <fmt/format.h>

#include <utility>

namespace pchat::cli {
namespace {

/// The context that was asked for, or the current one; none is no failure.
Result<const SavedServer*> choose_context(
    const Context& ctx, const ServerFlags& flags, const Contexts& contexts
) {
    const std::string variable = ctx.variable("PCHATCTL_CONTEXT");
    const std::string& wanted = !flags.context.empty() ? flags.context
                                : !variable.empty()    ? variable
                                                       : *contexts.current;
    if (wanted.empty())
        return nullptr;
    const SavedServer* found = contexts.find(wanted);
    if (found == nullptr)
        return fail(
            Errc::not_found,
            fmt::format("there is no context '{}'", wanted),
            "list them: pchatctl context list"
        );
    return found;
}

std::string name_of(const SavedServer& saved) {
    return fmt::format("context '{}'", *saved.name);
}

Chosen first_of(
    const std::string& flag,
    std::string_view flag_name,
    const std::string& variable,
    std::string_view variable_name
) {
    if (!flag.empty())
        return {flag, std::string{flag_name}};
    if (!variable.empty())
        return {variable, std::string{variable_name}};
    return {};
}

Result<void> choose_token(
    const Context& ctx, const ServerFlags& flags, const SavedServer* saved, ServerChoice& out
) {
    if (!flags.token_file.empty()) {
        Result<std::optional<Secret>> token = read_secret_file(flags.token_file);
        if (!token)
            return pass(std::move(token).error());
        if (!*token || (*token)->empty())
            return fail(
                Errc::bad_file,
                fmt::format("the token file {} is missing or empty", flags.token_file),
                "it holds a token and nothing else"
            );
        out.token = std::move(**token);
        out.token_origin = "--token-file";
    } else if (std::string token = ctx.variable("PCHATCTL_TOKEN"); !token.empty()) {
        out.token = Secret{std::move(token)};
        out.token_origin = "PCHATCTL_TOKEN";
    } else if (saved != nullptr && !saved->token->empty()) {
        out.token = Secret{*saved->token};
        out.token_origin = name_of(*saved);
    }
    // It becomes a header field: a line end in it would begin another.
    if (out.token.reveal().find_first_of("\r\n ") != std::string_view::npos)
        return fail(Errc::bad_file, fmt::format("what {} gives is no token", out.token_origin));
    return {};
}

}  // namespace

void ServerFlags::declare_address(Args& args) {
    args.option(
        "server", server, "URL", "the server to talk to: https://host or https://host:port"
    );
    args.option("ca-file", ca_file, "FILE", "trust the authorities in this file (PEM)").kind =
        ValueKind::file;
    args.option("context", context, "NAME", "the server and sign-in of this context");
    args.number("timeout", timeout, "SECONDS", "how long to wait for an answer").default_text =
        std::to_string(usual_timeout);
}

void ServerFlags::declare(Args& args) {
    declare_address(args);
    args.option("token-file", token_file, "FILE", "a file that holds the token to use").kind =
        ValueKind::file;
}

Result<ServerChoice> choose_server(Context& ctx, const ServerFlags& flags) {
    ServerChoice out;
    const Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(contexts.error());
    out.server =
        first_of(flags.server, "--server", ctx.variable("PCHATCTL_SERVER"), "PCHATCTL_SERVER");
    const SavedServer* saved = nullptr;
    if (out.server.value.empty() || !flags.context.empty()) {
        const Result<const SavedServer*> context = choose_context(ctx, flags, *contexts);
        if (!context)
            return pass(context.error());
        saved = *context;
    }
    if (out.server.value.empty()) {
        if (saved == nullptr)
            return fail(
                Errc::usage,
                "no server is named",
                "give --server URL, set PCHATCTL_SERVER, or sign in: pchatctl login --server URL"
            );
        out.server = {*saved->server, name_of(*saved)};
    }
    Result<Url> url = parse_url(out.server.value);
    if (!url)
        return pass(std::move(url).error(), out.server.origin);
    out.endpoint.url = std::move(*url);
    if (saved == nullptr || *saved->server != out.endpoint.url.text())
        saved = contexts->find_server(out.endpoint.url.text());
    if (saved != nullptr)
        out.context = *saved->name;
    out.ca_file =
        first_of(flags.ca_file, "--ca-file", ctx.variable("PCHATCTL_CA_FILE"), "PCHATCTL_CA_FILE");
    if (out.ca_file.value.empty() && saved != nullptr && !saved->ca->empty())
        out.ca_file = {*saved->ca, name_of(*saved)};
    out.endpoint.ca_file = out.ca_file.value;
    const std::int64_t timeout = flags.timeout.value_or(flags.usual_timeout);
    if (timeout < 1 || timeout > 86'400)
        return fail(Errc::usage, "--timeout takes 1 to 86400 seconds");
    out.endpoint.timeout = std::chrono::seconds{timeout};
    if (Result<void> token = choose_token(ctx, flags, saved, out); !token)
        return pass(std::move(token).error());
    return out;
}

std::unique_ptr<Transport> make_transport(const Context& ctx, const Endpoint& endpoint) {
    if (ctx.transport)
        return ctx.transport(endpoint);
    return std::make_unique<HttpClient>(endpoint);
}

Result<std::unique_ptr<ApiClient>> connect(Context& ctx, const ServerFlags& flags) {
    Result<ServerChoice> choice = choose_server(ctx, flags);
    if (!choice)
        return pass(std::move(choice).error());
    if (choice->token.empty()) {
        const std::string url = choice->endpoint.url.text();
        const std::string where = choice->context.empty()
                                      ? fmt::format("--server {}", url)
                                      : fmt::format("--context {}", choice->context);
        return fail(
            Errc::signed_out,
            fmt::format("nobody is signed in at {}", url),
            fmt::format("pchatctl login {} --user sip:user@domain, or give --token-file", where)
        );
    }
    return std::make_unique<ApiClient>(
        make_transport(ctx, choice->endpoint), std::move(choice->token)
    );
}

}  // namespace pchat::cli

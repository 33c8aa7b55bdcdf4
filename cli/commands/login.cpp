// SPDX-License-Identifier: Apache-2.0
// `login`, `logout`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/resource/field_values.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Login {
    ServerFlags server;
    std::string user;
    std::string password_file;
    std::string save_as;
};

/// The authority is named by its full path: contexts are used from anywhere.
std::string absolute(const std::string& file) {
    std::error_code problem;
    const auto path = std::filesystem::absolute(file, problem);
    return file.empty() || problem ? file : path.string();
}

std::string user_of(const Login& opt, const ServerChoice& choice, const Contexts& contexts) {
    if (!opt.user.empty())
        return opt.user;
    const SavedServer* saved = contexts.find(choice.context);
    return saved == nullptr ? std::string{} : *saved->user;
}

Result<Secret> password_for(Context& ctx, const Login& opt, const std::string& user) {
    if (!opt.password_file.empty())
        return read_password(ctx, opt.password_file);
    return ask_secret(ctx, fmt::format("Password of {}", user), "--password-file");
}

Result<void> run(Context& ctx, const Login& opt) {
    Result<ServerChoice> choice = choose_server(ctx, opt.server);
    if (!choice)
        return pass(std::move(choice).error());
    Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(std::move(contexts).error());
    const std::string user = user_of(opt, *choice, *contexts);
    if (user.empty())
        return fail(Errc::usage, "who signs in is not said", "give --user sip:user@domain");
    Result<Secret> password = password_for(ctx, opt, user);
    if (!password)
        return pass(std::move(password).error());
    ApiClient client{make_transport(ctx, choice->endpoint), Secret{}};
    Json body{{"user", user}, {"password", password->reveal()}};
    const Result<Json> signed_in =
        client.call({.method = "POST", .path = api_path("sessions"), .body = std::move(body)});
    if (!signed_in)
        return pass(signed_in.error());
    const std::string url = choice->endpoint.url.text();
    SavedServer saved;
    saved.name.value = !opt.save_as.empty()       ? opt.save_as
                       : !choice->context.empty() ? choice->context
                                                  : choice->endpoint.url.authority();
    saved.server.value = url;
    saved.ca.value = absolute(choice->endpoint.ca_file);
    saved.user.value = user;
    saved.token.value = signed_in->value("token", "");
    saved.expires.value = signed_in->value("expires", "");
    contexts->put(saved);
    contexts->current.value = *saved.name;
    if (Result<void> written = write_contexts(ctx, *contexts); !written)
        return written;
    print_document(
        ctx,
        {{"context", *saved.name}, {"server", url}, {"user", user}, {"expires", *saved.expires}},
        fmt::format("signed in at {} as {} until {}\n", url, user, *saved.expires)
    );
    return {};
}

Run bind_login(Args& args) {
    auto opt = std::make_shared<Login>();
    args.option("user", opt->user, "SIP", "who signs in: sip:user@domain");
    args.option(
            "password-file",
            opt->password_file,
            "FILE",
            "where the password is; - is standard input"
    )
        .kind = ValueKind::file;
    args.option("save-as", opt->save_as, "NAME", "name of the context; default: host and port");
    opt->server.declare_address(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

struct Logout {
    ServerFlags server;
};

Result<void> run(Context& ctx, const Logout& opt) {
    Result<ServerChoice> choice = choose_server(ctx, opt.server);
    if (!choice)
        return pass(std::move(choice).error());
    Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(std::move(contexts).error());
    const SavedServer* found = contexts->find(choice->context);
    if (found == nullptr || found->token->empty()) {
        ctx.note(fmt::format("not signed in at {}: no changes", choice->endpoint.url.text()));
        return {};
    }
    if (ctx.global.dry_run) {
        ctx.out << fmt::format("would sign out at {}\n", *found->server);
        return {};
    }
    SavedServer saved = *found;
    ApiClient client{make_transport(ctx, choice->endpoint), Secret{*saved.token}};
    const Result<Json> ended = client.call(
        {.method = "DELETE", .path = api_path("sessions", {"current"}), .repeatable = true}
    );
    saved.token.value.clear();
    saved.expires.value.clear();
    contexts->put(saved);
    if (Result<void> written = write_contexts(ctx, *contexts); !written)
        return written;
    // A token that is no longer good has signed out by itself.
    if (!ended && ended.error().code != Errc::signed_out) {
        Error error = ended.error();
        error.hint = "the token was forgotten here; at the server it is good until it expires";
        return pass(std::move(error));
    }
    ctx.out << fmt::format("signed out at {}\n", *saved.server);
    return {};
}

Run bind_logout(Args& args) {
    auto opt = std::make_shared<Logout>();
    opt->server.declare_address(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> login_commands() {
    return {
        {.path = "login",
         .summary = "Sign in at a server and remember it",
         .help = {},
         .bind = bind_login,
         .formats = {"table", "json", "yaml"}},
        {.path = "logout",
         .summary = "End the sign-in and forget its token",
         .help = {},
         .bind = bind_logout,
         .formats = {},
         .changes = true},
    };
}

}  // namespace pchat::cli

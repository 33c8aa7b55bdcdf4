// SPDX-License-Identifier: Apache-2.0
#include "server/wire/http_body.h"

#include "server/wire/json_text.h"
#include "server/wire/object_reader.h"
#include "server/wire/reply.h"

namespace pchat::wire {

Result<SignIn> read_sign_in(std::string_view body) {
    JsonDocument document;
    const auto root = document.parse(body);
    if (!root)
        return pass(root.error());
    ObjectReader in{**root};
    SignIn sign_in;
    sign_in.user = in.required_text("user", {1, 512});
    sign_in.password = Secret{std::string{in.required_text("password", {1, 1024})}};
    sign_in.cookie = in.optional_bool("cookie").value_or(false);
    if (in.problem())
        return pass(*in.problem());
    return sign_in;
}

std::string body(const SignedIn& signed_in) {
    std::string out = "{";
    FieldWriter fields{out};
    if (!signed_in.token.empty())
        fields.text("token", signed_in.token.reveal());
    fields.time("expires", signed_in.expires);
    out += '}';
    return out;
}

Result<PostMessage> read_post_message(std::string_view body, const RequestLimits& limits) {
    JsonDocument document;
    const auto root = document.parse(body);
    if (!root)
        return pass(root.error());
    ObjectReader in{**root};
    PostMessage post;
    post.key = in.optional_text("key", {1, 64}).value_or(std::string_view{});
    post.content = read_content(in, limits);
    if (in.problem())
        return pass(*in.problem());
    return post;
}

std::string error_body(const Error& error, std::string_view request) {
    std::string out = R"({"error":{)";
    FieldWriter fields{out};
    fields.fields(error_fields(error));
    if (!request.empty())
        fields.text("request", request);
    out += "}}";
    return out;
}

}  // namespace pchat::wire

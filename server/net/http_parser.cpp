// SPDX-License-Identifier: Apache-2.0
#include "server/net/http_parser.h"

#include "server/net/http_body.h"
#include "server/net/http_head.h"
#include "server/net/http_text.h"

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace pchat::net {
namespace {

namespace http = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

// Beast's grammar of the head, without its containers: what it recognises goes straight into the
// request. It never sees a body.
class Grammar : public http::basic_parser<true> {
public:
    HttpRequest request;
    bool http_1_1 = false;

private:
    void on_request_impl(
        http::verb /*method*/,
        string_view method,
        string_view target,
        int version,
        error_code& /*failed*/
    ) override {
        request.method.assign(method.data(), method.size());
        request.path.assign(target.data(), target.size());
        http_1_1 = version == 11;
    }
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_field_impl(
        http::field /*known*/, string_view name, string_view value, error_code& /*failed*/
    ) override {
        request.headers.emplace_back(
            std::string{name.data(), name.size()}, std::string{value.data(), value.size()}
        );
    }
    void on_header_impl(error_code& /*failed*/) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view, error_code&) override { return 0; }
    void on_finish_impl(error_code& /*failed*/) override {}
};

HttpResponse body_too_long() {
    return http_error(
        413, "too-large", "the body is longer than this request may bring", "send less at once"
    );
}

}  // namespace

struct HttpParser::State {
    explicit State(std::size_t longest_head) : head(longest_head) {
        grammar.body_limit(boost::none);
        grammar.header_limit(static_cast<std::uint32_t>(longest_head + 1));
    }

    Progress refuse(HttpResponse why) {
        refusal = std::move(why);
        return Progress::refused;
    }

    Progress read_head(std::string_view& bytes) {
        if (auto refused = head.take(bytes))
            return refuse(std::move(*refused));
        if (!head.complete())
            return Progress::more;
        error_code failed;
        grammar.put(boost::asio::const_buffer{head.text().data(), head.text().size()}, failed);
        if (failed)
            return refuse(explain(failed));
        head.forget();
        if (auto refused = judge_head(grammar.request, grammar.http_1_1))
            return refuse(std::move(*refused));
        if (grammar.chunked())
            body.expect_chunks();
        else
            body.expect_length(grammar.content_length().value_or(0));
        in_body = true;
        return Progress::head;
    }

    Progress read_body(std::string_view& bytes) {
        switch (body.feed(bytes, grammar.request.body)) {
        case BodyReader::Progress::more:
            return Progress::more;
        case BodyReader::Progress::whole:
            return Progress::whole;
        case BodyReader::Progress::too_long:
            return refuse(body_too_long());
        case BodyReader::Progress::broken:
            break;
        }
        return refuse(http_error(
            400, "bad-request", "the chunks of the body are broken", "check what sent it"
        ));
    }

    static HttpResponse explain(const error_code& failed) {
        if (failed == http::error::bad_version)
            return http_error(
                505, "bad-version", "only HTTP/1.1 is spoken here", "ask with HTTP/1.1"
            );
        return http_error(
            400, "bad-request", "this is not a request of HTTP/1.1", "check what sent it"
        );
    }

    HeadCollector head;
    Grammar grammar;
    BodyReader body;
    bool in_body = false;
    HttpResponse refusal;
};

HttpParser::HttpParser(std::size_t longest_head) : state_(std::make_unique<State>(longest_head)) {}

HttpParser::~HttpParser() = default;

HttpParser::Progress HttpParser::feed(std::string_view& bytes) {
    return state_->in_body ? state_->read_body(bytes) : state_->read_head(bytes);
}

HttpParser::Progress HttpParser::allow_body(std::size_t longest) {
    const auto announced = state_->grammar.content_length();
    if (announced && *announced > longest)
        return state_->refuse(body_too_long());
    state_->body.allow(longest);
    return Progress::head;
}

bool HttpParser::keep_alive() const {
    return state_->grammar.keep_alive();
}

bool HttpParser::is_http_1_1() const {
    return state_->grammar.http_1_1;
}

bool HttpParser::expects_continue() const {
    return is_http_1_1() && !state_->body.complete() &&
           !state_->grammar.request.header("Expect").empty();
}

HttpRequest& HttpParser::request() {
    return state_->grammar.request;
}

HttpResponse& HttpParser::refusal() {
    return state_->refusal;
}

}  // namespace pchat::net

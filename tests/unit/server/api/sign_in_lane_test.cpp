// SPDX-License-Identifier: Apache-2.0
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

#include <atomic>

using namespace pchat;
using test::ApiWorld;

TEST_CASE("sign-in: those who wait take nothing from the others", "[api]") {
    std::atomic<int> answered{0};
    std::atomic<int> refused{0};
    constexpr int many = 300;
    {
        ApiWorld api;
        REQUIRE(api.send("admin", "GET", "/v1/discover").status == 200);
        const auto sign_in = [&] {
            net::HttpRequest request;
            request.method = "POST";
            request.path = "/v1/sessions";
            request.peer = "192.0.2.7";
            request.body = R"({"user": "sip:nobody@contoso.example", "password": "wrong"})";
            api.site.serve(std::move(request), [&](const net::HttpResponse& response) {
                refused += response.status == 429 ? 1 : 0;
                ++answered;
            });
        };
        // The database is somebody else's for now: nobody who signs in gets on.
        api.world.write([&](ContentTransaction&) -> Result<void> {
            for (int i = 0; i < many; ++i)
                sign_in();
            CHECK(refused > 0);
            CHECK(refused < many);
            CHECK(answered == refused);
            CHECK(api.send("admin", "GET", "/v1/discover").status == 200);
            return {};
        });
        api.site.stop();
        CHECK(answered == many);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/endpoints.h"

#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<Endpoint> {
    static constexpr std::string_view table = "endpoint";
    static constexpr auto columns = std::tuple{
        column("id", &Endpoint::id, Part::key),
        column("uuid", &Endpoint::uuid),
        column("name_key", &Endpoint::name_key),
        column("name", &Endpoint::name, Part::fixed, Letters::any),
        column("pool", &Endpoint::pool, Part::fixed, Letters::any),
        column("display_name", &Endpoint::display_name, Part::fixed, Letters::any),
        column("created_at", &Endpoint::created_at),
        column("created_by", &Endpoint::created_by)};
};

namespace {

const Statement endpoint_by_name{
    "endpoint by name", "select {columns endpoint} from endpoint where name_key = :name_key"};

const Statement endpoints_all{"endpoints", "select {columns endpoint} from endpoint order by id"};

const Statement endpoint_erase{"endpoint erase", "delete from endpoint where id = :id"};

}  // namespace

Catalog endpoint_catalog() {
    return {{&table_of<Endpoint>()}, {&endpoint_by_name, &endpoints_all, &endpoint_erase}};
}

Result<void> SqlEndpointStore::insert(const Endpoint& endpoint) {
    return tx_.insert(std::span<const Endpoint>{&endpoint, 1});
}

Result<void> SqlEndpointStore::remove(EndpointId id) {
    return unless_changed(tx_.change(endpoint_erase, id), "endpoint");
}

Result<std::optional<Endpoint>> SqlEndpointStore::find_name(std::string_view name_key) {
    return tx_.one<Endpoint>(endpoint_by_name, name_key);
}

Result<std::vector<Endpoint>> SqlEndpointStore::list() {
    return tx_.list<Endpoint>(endpoints_all);
}

}  // namespace pchat::sql

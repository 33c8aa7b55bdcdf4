// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/picture.h"
#include "topology/rules/directory.h"

#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace pchat::topology {

/// Collects the content of a picture; make_picture() calls the parts in their order. Every thing
/// gets one box however often it is named.
class PictureBuilder {
public:
    explicit PictureBuilder(const Topology& topology) : all_(topology), spec_(topology.spec) {}

    void add_pools();       // with their machines, databases, file stores and next hops
    void add_front_ends();  // by site, with the back ends that no pool shares
    void add_unused();      // instances and file stores that nothing refers to
    void add_other_servers();
    Picture take() { return std::move(picture_); }

private:
    // picture_builder.cpp
    void add_pool(const Pool& pool);
    void add_machines(const Pool& pool, std::size_t frame);
    void add_next_hop(const Pool& pool, std::size_t frame);
    std::size_t site_frame(const Text& site);
    std::size_t front_end_box(const FrontEnd& front_end);

    // picture_storage.cpp
    void add_databases(const Pool& pool, std::size_t frame);
    void add_file_store(const Pool& pool, std::size_t frame);
    void add_back_end(const FrontEnd& front_end, std::size_t box);
    std::size_t database_frame(const std::string& data_center);
    void connect_database(std::size_t frame, const Text& name, EdgeKind kind, std::string label);
    void add_partners(const SqlInstance& instance, std::size_t box);
    std::size_t partner_box(
        const SqlInstance& instance, std::size_t of, const Text& name, std::size_t rank
    );
    std::size_t database_box(const SqlInstance& instance, std::size_t group);

    std::size_t add_group(Group group);
    std::size_t add_box(Box box);
    std::size_t missing_box(const Text& name, std::size_t group);
    void connect(Edge edge);

    Directory all_;
    const Spec& spec_;
    Picture picture_;
    std::size_t band_ = 0;
    std::size_t rows_ = 0;
    std::map<const FrontEnd*, std::size_t> front_ends_;
    std::map<const SqlInstance*, std::size_t> instances_;
    std::map<const FileStore*, std::size_t> stores_;
    std::map<std::string, std::size_t> sites_;
    std::map<std::pair<std::size_t, std::string>, std::size_t> frames_;   // band, data center
    std::map<std::pair<std::size_t, std::string>, std::size_t> missing_;  // group, name
    std::map<std::tuple<End::What, std::size_t, std::size_t, EdgeKind>, std::size_t> edges_;
};

}  // namespace pchat::topology

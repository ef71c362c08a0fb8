#pragma once
// `outbound` and `exchanges` of an installation file.

#include "catalogue/outward.hpp"
#include "catalogue/report.hpp"

namespace zhili::catalogue {

/// `root`: the installation file.
Outbound read_outbound(Node const& root, Report& report);
std::vector<Peer> read_peers(Node const& root, Report& report);

}  // namespace zhili::catalogue

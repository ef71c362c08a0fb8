#pragma once
// Who does what here: an installation's departments, posts, and the functions that they hold.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/catalogue.hpp"
#include "catalogue/outward.hpp"
#include "core/geo.hpp"
#include "core/result.hpp"

namespace zhili::catalogue {

struct Department {
  std::string code;
  Text name;
  std::string area;  ///< code of the area that it works in; empty: everywhere
};

/// A desk that can hold a duty; people take it in turns.
struct Post {
  std::string code;
  Text name;
  std::string department;
  std::string role;
};

/// Function → department and post; a holding with an area goes before the one without.
struct Holding {
  std::string function;
  std::string area;  ///< prefix of area codes; empty: everywhere
  std::string department;
  std::string post;
};

/// A provider with which staff may sign in (OpenID Connect).
struct SignOnProvider {
  std::string code;
  Text name;
  std::string issuer;
  std::string client_id;
  std::filesystem::path secret_file;  ///< holds the client's secret and nothing else
  std::string login_claim;            ///< the claim that holds the login here; empty: only accounts that are linked by hand
  std::string scope;                  ///< empty: "openid profile"
};

/// Under what licence everybody may use the city's open data; empty: the city has not said.
struct OpenData {
  std::string licence;  ///< "CC BY 4.0"
  std::string licence_url;
};

struct Installation {
  Text name;             ///< 榴城 / Liucheng
  std::string prefix;    ///< of public numbers: "LC"
  std::string zone;      ///< IANA name
  std::string calendar;  ///< code of a calendar in the catalogue
  std::string address;   ///< where people reach it: "https://city.example.org", without a path; empty: only this machine
  std::optional<core::LatLon> centre;  ///< where the map begins while no places are loaded
  std::vector<std::string> packs;
  std::vector<Department> departments;
  std::vector<Post> posts;
  std::vector<Holding> holdings;
  Outbound outbound;
  std::vector<Peer> peers;  ///< `exchanges`
  std::vector<SignOnProvider> sign_on;
  OpenData open_data;
  std::string default_department;  ///< 兜底: has the duty when a dispute stays open

  Department const* department(std::string_view code) const;
  Post const* post(std::string_view code) const;
  /// Who holds a function for an area (the longest area prefix wins), or null.
  Holding const* holder(std::string_view function, std::string_view area_code) const;
};

/// Reads an installation file without looking at a catalogue: to learn which packs it wants.
/// Errors: not_found, invalid (place and all findings in `detail`).
core::Result<Installation> read_installation(std::filesystem::path const& file);

/// Every function that an item in force names must have a holder everywhere; calendar and roles must exist.
/// Errors: invalid; names all that is missing at once.
core::Result<> check_installation(Installation const& installation, Catalogue const& catalogue);

}  // namespace zhili::catalogue

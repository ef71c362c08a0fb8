#pragma once
// Open311 GeoReport v2 under /open311/v2.

#include <cstddef>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "web/http.hpp"
#include "web/open311/backend.hpp"
#include "web/photo/photo.hpp"

namespace zhili::web::open311 {

inline constexpr std::size_t description_max_characters = 4000;
inline constexpr std::size_t field_max_characters = 500;
inline constexpr std::size_t media_urls_max = 5;
inline constexpr std::size_t media_url_max_bytes = 2000;
inline constexpr std::size_t photos_max = 5;
inline constexpr std::size_t page_size_max = 1000;
inline constexpr std::size_t page_max = 10'000;
inline constexpr std::size_t ids_max = 100;
inline constexpr std::size_t updates_max = 1000;  ///< in one answer; ask again from the last one
inline constexpr std::int64_t range_max_days = 90;
inline constexpr double near_box_edge_m = 750;
inline constexpr std::size_t post_body_bytes_max = 32 * 1024 * 1024;  ///< with photos

struct Options {
  core::Instant changed{};  ///< when the services last changed
  std::string contact;
  std::string key_service;  ///< how to get an API key
  std::vector<std::string> jurisdictions =
      {};  ///< empty: jurisdiction_id is ignored; one: it may be left out
  bool is_test = false;
  /// POST is refused over plain HTTP, unless it comes from this machine or this is set.
  bool plain_post = false;
};

/// Adds the routes. `backend`, `photos` and `time` must outlive the server; without `photos` none are taken.
void mount(Router& router, Backend& backend, Options options, PhotoStore* photos,
           core::TimeSource const& time);

}  // namespace zhili::web::open311

#pragma once
// Reading what clients send: percent-encoding, forms, multipart, JSON bodies. Pure functions over bytes.

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "web/http.hpp"

namespace zhili::web {

/// Undoes percent-encoding, and `+` for a blank if asked. Nothing if an escape is broken, or if the outcome
/// is not UTF-8 or has a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);

/// Percent-encodes everything but letters, digits and `-._~`.
std::string percent_encode(std::string_view text);

inline constexpr std::size_t form_fields_max = 256;

/// `a=1&b=2`, as in a query and in application/x-www-form-urlencoded. Errors: invalid (escape, UTF-8, NUL),
/// limit (form_fields_max).
core::Result<Fields> parse_form(std::string_view text);

/// A target split at the first `?` and at each `/`, then decoded: an encoded slash stays inside its segment.
struct Target {
  std::vector<std::string> segments;
  std::string path;
  Fields query;
};
/// Takes origin-form ("/a?b") and absolute-form ("http://host/a?b"). `.` and `..` are refused: nobody who
/// means well sends them. Errors: invalid, limit (form_fields_max).
core::Result<Target> parse_target(std::string_view target);

/// One part of multipart/form-data. The views point into the body.
struct Part {
  std::string name;
  std::optional<std::string> filename;  ///< set: the part is a file
  std::string type;                     ///< as the client claims; lower case; empty if it does not
  std::string_view content;
};

struct MultipartLimits {
  std::size_t parts_max = 64;
  std::size_t part_bytes_max = 16 * 1024 * 1024;
  std::size_t head_bytes_max = 4 * 1024;  ///< the header lines of one part
};

/// Splits multipart/form-data. `content_type` is the whole header, with its boundary.
/// Errors: invalid (no or bad boundary, broken structure, cut off), limit.
core::Result<std::vector<Part>> parse_multipart(std::string_view body, std::string_view content_type,
                                                MultipartLimits const& limits = {});

/// The fields and files of a request, whichever of the two form types it has. Text fields of multipart are
/// checked to be UTF-8 without NUL. Errors: invalid; key "body.type" if it is neither type.
struct Form {
  Fields fields;
  std::vector<Part> files;
};
core::Result<Form> read_form(Request const& request, MultipartLimits const& limits = {});

inline constexpr std::size_t json_depth_max = 32;

/// The JSON body of a request. Errors: invalid; key "body.type" if the type is not application/json,
/// "body.json" if it is not JSON (RFC 8259, UTF-8, depth ≤ json_depth_max; of duplicate keys the last
/// counts).
core::Result<boost::json::value> read_json(Request const& request);

}  // namespace zhili::web

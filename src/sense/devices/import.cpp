// A file of devices: checked as a whole, then written as the clerk chose.

#include <fmt/format.h>

#include <map>
#include <unordered_map>

#include "sense/devices/device_csv.hpp"
#include "sense/devices/registering.hpp"
#include "store/among.hpp"

namespace zhili::sense::devices {

using core::Errc;
using core::EventKind;
using core::fail;

namespace {

/// Lines that are looked up, or written, together: what else is written waits for no more than that.
constexpr std::size_t lines_of_piece = 250;

void refuse(ImportLine& line, core::Error error) {
  line.fate = LineFate::refused;
  line.error = std::move(error);
}

/// Serial numbers that are registered, with their types.
std::unordered_map<std::string, std::string> registered(store::Reader& r, std::span<ImportLine const> lines) {
  std::unordered_map<std::string, std::string> out;
  for (std::size_t at = 0; at < lines.size(); at += lines_of_piece) {
    std::vector<std::string> serials;
    for (auto const& line : lines.subspan(at, std::min(lines_of_piece, lines.size() - at)))
      if (line.fate == LineFate::fits) serials.push_back(line.device.serial);
    if (serials.empty()) continue;
    std::vector<store::Value> args;
    auto const in = store::among(serials, args);
    r.each<std::string, std::string>("SELECT serial, type FROM device WHERE serial" + in, [&](std::string serial, std::string type) { out.emplace(std::move(serial), std::move(type)); }, args);
  }
  return out;
}

core::Error twice(std::string_view serial, std::size_t before) {
  return {Errc::invalid, "device.csv.twice",
          {fmt::format("序列号 {} 在第 {} 行已经有了。", serial, before), fmt::format("The serial number {} stands in line {} already.", serial, before)}, "serial"};
}

struct Sorted {
  Import import;
  std::vector<std::optional<ReadyDevice>> ready = {};  // of each line
};

void count(Import& import) {
  import.fits = import.there = import.refused = 0;
  for (auto const& line : import.lines) ++(line.fate == LineFate::fits ? import.fits : line.fate == LineFate::there ? import.there : import.refused);
}

/// What can be said of each line before anything is written.
void sort_lines(Sorted& out, catalogue::Catalogue const& catalogue, places::PlaceIndex const& index) {
  std::unordered_map<std::string, std::size_t> seen;
  out.ready.resize(out.import.lines.size());
  for (std::size_t i = 0; i < out.import.lines.size(); ++i) {
    auto& line = out.import.lines[i];
    if (line.fate == LineFate::refused) continue;
    auto prepared = ready(line.device, catalogue, index);
    if (!prepared) {
      refuse(line, std::move(prepared).error());
      continue;
    }
    line.device.type = prepared->type->id;
    line.device.serial = prepared->serial;
    line.device.name = prepared->name;
    if (auto const [at, is_new] = seen.try_emplace(prepared->serial, line.line); !is_new) refuse(line, twice(prepared->serial, at->second));
    else out.ready[i] = std::move(*prepared);
  }
}

void mark_registered(Sorted& out, std::unordered_map<std::string, std::string> const& known) {
  for (auto& line : out.import.lines) {
    if (line.fate != LineFate::fits) continue;
    auto const found = known.find(line.device.serial);
    if (found == known.end()) continue;
    if (found->second == line.device.type) line.fate = LineFate::there;
    else refuse(line, serial_taken(line.device.serial).value());
  }
}

/// Writes some lines. A line that somebody else was faster with is refused, or everything, if `all`.
core::Result<std::vector<std::int64_t>> write_lines(store::Writer& w, Sorted& sorted, std::size_t from, std::size_t until, ImportOptions const& options, DeviceDesk::Parts const& parts,
                                                    std::string const& actor) {
  bool const all = options.mode == ImportMode::all;
  std::vector<std::int64_t> datastreams;
  for (auto i = from; i < until; ++i) {
    auto& line = sorted.import.lines[i];
    if (line.fate != LineFate::fits) continue;
    auto made = write_device(w, *sorted.ready[i], parts.things, EventKind::device_registered, 0, actor);
    if (!made) {
      // Only what is found before anything of the line is written leaves the others untouched.
      if (all || made.error().key != "device.serial_taken") return fail(std::move(made).error());
      refuse(line, std::move(made).error());
      continue;
    }
    line.id = made->device.id;
    if (options.credentials) {
      ZHILI_TRY(line.credential, write_credential(w, made->device, {.kind = *options.credentials}, parts.key, actor));
    }
    datastreams.insert(datastreams.end(), made->datastreams.begin(), made->datastreams.end());
    if (all && options.progress && (i + 1) % lines_of_piece == 0) options.progress(i + 1, until);
  }
  return datastreams;
}

}  // namespace

core::Result<Import> DeviceDesk::import_csv(std::string_view file, ImportOptions const& options, std::string const& actor) {
  Sorted sorted;
  ZHILI_TRY(sorted.import.lines, read_device_csv(file, options.datum));
  auto const index = parts_.places.now();
  sort_lines(sorted, *parts_.catalogue, *index);
  ZHILI_TRY(auto const known, parts_.db.read([&](store::Reader& r) { return registered(r, sorted.import.lines); }));
  mark_registered(sorted, known);
  count(sorted.import);
  auto const lines = sorted.import.lines.size();
  if (options.mode == ImportMode::preview || (options.mode == ImportMode::all && sorted.import.refused > 0)) return std::move(sorted.import);
  auto const piece = options.mode == ImportMode::all ? std::max<std::size_t>(lines, 1) : lines_of_piece;
  for (std::size_t from = 0; from < lines; from += piece) {
    auto const until = std::min(lines, from + piece);
    ZHILI_TRY(auto const datastreams, parts_.db.write([&](store::Writer& w) { return write_lines(w, sorted, from, until, options, parts_, actor); }));
    ZHILI_CHECK(committed(datastreams));
    if (options.progress) options.progress(until, lines);
  }
  sorted.import.written = true;
  count(sorted.import);
  return std::move(sorted.import);
}

}  // namespace zhili::sense::devices

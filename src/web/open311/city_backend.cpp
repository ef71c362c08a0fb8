#include "web/open311/city_backend.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "respond/cases/codec.hpp"
#include "respond/cases/query.hpp"
#include "respond/number.hpp"
#include "store/among.hpp"
#include "store/ledger.hpp"
#include "web/api/story_view.hpp"
#include "web/open311/city_changes.hpp"
#include "web/photo/keeping.hpp"

namespace zhili::web::open311 {

namespace {

using store::Value;

Datatype datatype(catalogue::AskType type) {
  switch (type) {
    case catalogue::AskType::text: return Datatype::string;
    case catalogue::AskType::long_text: return Datatype::text;
    case catalogue::AskType::number: return Datatype::number;
    case catalogue::AskType::datetime: return Datatype::datetime;
    case catalogue::AskType::list: return Datatype::singlevaluelist;
    case catalogue::AskType::multi_list: return Datatype::multivaluelist;
  }
  return Datatype::string;
}

Service service_of(catalogue::Item const& item, core::Lang lang) {
  Service out{.code = item.code, .name = core::in(lang, item.name)};
  out.description = item.about.zh.empty() && !item.conditions.empty() ? core::in(lang, item.conditions.front().when)
                                                                      : core::in(lang, item.about);
  out.has_attributes = !item.asks.empty();
  out.keywords = item.words;
  out.group = core::in(lang, item.group.name);
  return out;
}

/// Conditions of a query with their values, in order.
struct Pieces {
  std::string text;
  std::vector<Value> args;
  void add(std::string piece) { text += (text.empty() ? " WHERE " : " AND ") + std::move(piece); }
  template <class T>
  void any_of(std::string_view column, std::vector<T> const& values) {
    add(std::string(column) + store::among(values, args));
  }
};

Pieces by_ids(std::vector<std::string> const& ids, std::string_view prefix) {
  std::vector<std::int64_t> numbers{0};
  std::vector<std::string> external{""};
  for (auto const& id : ids) {
    if (auto const number = respond::id_of_number(prefix, id)) numbers.push_back(*number);
    else external.push_back(id);
  }
  Pieces one;
  one.any_of("s.id", numbers);
  Pieces other;
  other.any_of("c.external_no", external);
  other.add("c.signal_id = s.id");
  Pieces out;
  out.add(fmt::format("({} OR ({}))", one.text.substr(7), other.text.substr(7)));
  out.args = std::move(one.args);
  out.args.insert(out.args.end(), other.args.begin(), other.args.end());
  return out;
}

Pieces pieces_of(Query const& query, std::string_view prefix) {
  if (!query.ids.empty()) {
    auto out = by_ids(query.ids, prefix);
    out.add("s.private = 0");
    return out;
  }
  Pieces out;
  out.add("s.private = 0 AND s.received_at >= ? AND s.received_at <= ?");
  out.args = {core::to_ms(query.from), core::to_ms(query.to)};
  if (!query.service_codes.empty()) out.any_of("s.item", query.service_codes);
  if (query.closed) out.add(*query.closed ? "(c.closed_at IS NOT NULL OR s.state IN (3, 18))" : "(c.closed_at IS NULL AND s.state NOT IN (3, 18))");
  if (query.box) {
    out.add("s.lat_e7 BETWEEN ? AND ? AND s.lon_e7 BETWEEN ? AND ?");
    auto const box = respond::whole_cells({query.box->low, query.box->high});
    for (auto const e7 : {box.south_west.lat_e7, box.north_east.lat_e7, box.south_west.lon_e7, box.north_east.lon_e7})
      out.args.emplace_back(std::int64_t{e7});
  }
  if (query.with_photo) out.add("s.released = 1 AND EXISTS (SELECT 1 FROM photo p WHERE p.subject = s.id AND p.everybody = 1)");
  if (!query.agency.empty()) {
    out.add("c.department = ?");
    out.args.emplace_back(query.agency);
  }
  return out;
}
static_assert(static_cast<int>(respond::Stage::rejected) == 3 && static_cast<int>(respond::Stage::archived) == 18);

constexpr std::string_view newest_first = " ORDER BY s.received_at DESC, s.id DESC LIMIT ? OFFSET ?";
constexpr std::string_view bulk_order = " ORDER BY s.id LIMIT ? OFFSET ?";

constexpr std::string_view columns =
    "SELECT s.id, s.item, s.state, s.received_at, s.lat_e7, s.lon_e7, s.location_unknown, s.grid, s.address, s.words, s.released, "
    "s.channel, c.id, CASE WHEN c.signal_id = s.id THEN c.external_no END, c.due_at, c.closed_at, c.department, s.withheld FROM signal s "
    "LEFT JOIN casefile c ON c.id = s.case_id";

using Text = std::optional<std::string>;
using Number = std::optional<std::int64_t>;

/// One row of `columns`, with what it takes from elsewhere later.
struct Row {
  Found found;
  std::int64_t signal = 0;
  Number case_id;
  std::string department;
  bool merged = false;
};

Row row_of(ApiParts const& parts, sense::places::PlaceIndex const& places, core::Lang lang, std::int64_t id, std::string item,
           std::int64_t state, std::int64_t received, Number lat, Number lon, bool unknown, Text const& grid, Text address, Text words,
           bool released, std::string channel, Number case_id, Text external, Number due, Number closed, Text department, Text const& withheld) {
  Row out{.found = {}, .signal = id, .case_id = case_id, .department = department.value_or("")};
  auto& f = out.found;
  f.requested_at = core::from_ms(received);
  f.service_request_id = external ? *external : respond::public_number(parts.installation->prefix, id, f.requested_at, parts.zone);
  f.released = released;
  f.place_withheld = respond::withholds(withheld.value_or(""), respond::withheld_place);
  auto const stage = static_cast<respond::Stage>(state);
  out.merged = stage == respond::Stage::merged;
  f.closed = closed.has_value() || stage == respond::Stage::rejected || stage == respond::Stage::archived;
  f.service_name = core::in(lang, catalogue::name_of(parts.catalogue->find(item), item));
  f.service_code = std::move(item);
  f.updated_at = closed ? core::from_ms(*closed) : f.requested_at;
  if (due) f.expected_at = core::from_ms(*due);
  if (lat && lon && !unknown) {
    core::LatLon const at{static_cast<std::int32_t>(*lat), static_cast<std::int32_t>(*lon)};
    f.at = at;
    auto const* unit = grid ? places.grid(*grid) : nullptr;
    f.grid_centre = unit ? sense::places::PlaceIndex::centre(unit->shape) : respond::cell_centre(at);
  }
  f.address = address.value_or("");
  f.description = words.value_or("");
  f.channel = std::move(channel);
  return out;
}

/// The pictures of those that are released.
void add_pictures(std::vector<Row>& rows, store::Reader& reader) {
  std::vector<store::Seq> released;
  for (auto const& row : rows)
    if (row.found.released) released.push_back(row.signal);
  auto pictures = pictures_of(reader, released, PicturesFor::everybody);
  for (auto& row : rows)
    if (auto const found = pictures.find(row.signal); found != pictures.end()) {
      row.found.photos = std::move(found->second.photos);
      row.found.media_urls = std::move(found->second.links);
    }
}

/// The answers to the item's questions, which may be seen after release only.
void add_answers(Row& row, store::Reader& reader, ApiParts const& parts, core::Lang lang) {
  auto const payload = reader.value<std::string>("SELECT payload FROM ledger WHERE seq = ?", row.signal);
  auto const event = payload ? respond::decode_signal(core::EventKind::signal_received, row.found.requested_at, "", *payload)
                             : core::Result<respond::SignalEvent>(respond::SignalEvent{});
  auto const* item = parts.catalogue->find(row.found.service_code);
  if (!event || !item) return;
  for (auto const& [code, values] : event->answers) {
    auto const ask = std::find_if(item->asks.begin(), item->asks.end(), [&](auto const& one) { return one.code == code; });
    if (ask == item->asks.end()) continue;
    for (auto const& value : values) {
      auto const option = std::find_if(ask->options.begin(), ask->options.end(), [&](auto const& one) { return one.code == value; });
      row.found.attributes.push_back(
          {code, core::in(lang, ask->label), value, option == ask->options.end() ? value : core::in(lang, option->name)});
    }
  }
}

/// Of a report that stands in another one's case: that it does, and why. The rest of its notes are those of the case.
void add_joining(Row& row, store::Reader& reader, bool notes, core::Lang lang) {
  auto& f = row.found;
  for (auto const& entry : store::entries_of(reader, row.signal)) {
    auto const event = respond::decode_signal(entry.kind, entry.at, entry.actor, entry.payload);
    if (!event || event->kind != core::EventKind::signal_merged) continue;
    f.status_notes = core::in(lang, respond::told_of_joining(*event));
    f.updated_at = std::max(f.updated_at, entry.at);
    if (notes) f.notes.push_back({entry.at, f.status_notes, std::string(core::name(entry.kind))});
  }
}

/// What only a look at the ledger tells: the last change, and the notes for those who ask for extensions.
void complete(Row& row, store::Reader& reader, ApiParts const& parts, bool notes, core::Lang lang) {
  auto& f = row.found;
  if (auto const* department = parts.installation->department(row.department)) f.agency_responsible = core::in(lang, department->name);
  if (!f.closed) {
    auto const last = reader.value<std::int64_t>("SELECT at FROM ledger WHERE subject = ? ORDER BY seq DESC LIMIT 1", row.case_id.value_or(row.signal));
    if (last) f.updated_at = std::max(f.requested_at, core::from_ms(*last));
  }
  if (row.merged) add_joining(row, reader, notes, lang);
  if (notes && f.released) add_answers(row, reader, parts, lang);
  if (!notes || !row.case_id) return;
  for (auto const& entry : store::entries_of(reader, *row.case_id)) {
    auto const event = respond::decode(entry.kind, entry.happened.value_or(entry.at), entry.actor, entry.payload);
    if (!event) continue;
    auto const line = story_entry(entry.seq, *event, parts);
    if (line.audience == respond::Audience::everybody)
      f.notes.push_back({line.at, core::in(lang, line.sentence), std::string(core::name(line.kind))});
  }
  std::ranges::stable_sort(f.notes, {}, &Note::at);
}

}  // namespace

core::Result<std::vector<Service>> CityBackend::services(core::Lang lang) {
  std::vector<Service> out;
  for (auto const* item : parts_.catalogue->items())
    if (item->open) out.push_back(service_of(*item, lang));
  return out;
}

core::Result<ServiceDefinition> CityBackend::definition(std::string_view service_code, core::Lang lang) {
  auto const* item = parts_.catalogue->find(service_code);
  if (!item || !item->open)
    return core::fail(core::Errc::not_found, "service.unknown",
                      {fmt::format("没有服务代码“{}”。", service_code), fmt::format("There is no service_code \"{}\".", service_code)},
                      "service_code");
  ServiceDefinition out{.service_code = item->code, .attributes = {}};
  for (auto const& ask : item->asks) {
    Attribute attribute{.code = ask.code, .datatype = datatype(ask.type), .required = ask.required};
    attribute.description = core::in(lang, ask.label);
    for (auto const& option : ask.options) attribute.values.push_back({option.code, core::in(lang, option.name)});
    out.attributes.push_back(std::move(attribute));
  }
  return out;
}

void CityBackend::create(NewRequest request, std::function<void(core::Result<Created>)> done) {
  respond::Report report{.item = std::move(request.service_code), .channel = "open311", .place = request.at};
  report.address = request.address.empty() ? std::move(request.address_id) : std::move(request.address);
  report.words = std::move(request.description);
  report.name = request.last_name.empty() ? request.first_name
                : request.first_name.empty() ? request.last_name : request.first_name + " " + request.last_name;
  report.phone = std::move(request.phone);
  report.mail = std::move(request.email);
  report.answers = std::move(request.attributes);
  for (auto& photo : request.photos) report.photos.push_back(std::move(photo.name));
  report.media_urls = std::move(request.media_urls);
  report.sender = std::move(request.key_holder);
  report.digest = std::move(request.digest);
  report.token = std::move(request.sent_as);
  respond::Actor citizen{.ref = "citizen", .roles = respond::Role::citizen};
  desk_.receive(std::move(report), std::move(citizen), [this, done = std::move(done)](core::Result<respond::Received> received) {
    if (!received) return done(core::fail(std::move(received).error()));
    done(Created{.service_request_id = respond::public_number(parts_.installation->prefix, received->id, received->at, parts_.zone)});
  });
}

core::Result<std::vector<Found>> CityBackend::find(Query const& query, core::Lang lang) {
  auto pieces = pieces_of(query, parts_.installation->prefix);
  if (query.updated_after) {
    ZHILI_TRY(auto const changed, changed_signals(*parts_.db, query));
    if (changed.empty()) return std::vector<Found>{};
    pieces = {};
    pieces.add("s.private = 0");
    pieces.any_of("s.id", changed);
  }
  pieces.args.emplace_back(static_cast<std::int64_t>(query.limit));
  pieces.args.emplace_back(static_cast<std::int64_t>(query.updated_after ? 0 : query.offset));
  auto const places = parts_.places->now();
  return parts_.db->read([&](store::Reader& reader) {
    std::vector<Row> rows;
    reader.each<std::int64_t, std::string, std::int64_t, std::int64_t, Number, Number, std::int64_t, Text, Text, Text, std::int64_t,
                std::string, Number, Text, Number, Number, Text, Text>(
        std::string(columns) + pieces.text + std::string(query.updated_after ? bulk_order : newest_first),
        [&](std::int64_t id, std::string item, std::int64_t state, std::int64_t received, Number lat, Number lon, std::int64_t unknown,
            Text grid, Text address, Text words, std::int64_t released, std::string channel, Number case_id, Text external, Number due,
            Number closed, Text department, Text withheld) {
          rows.push_back(row_of(parts_, *places, lang, id, std::move(item), state, received, lat, lon, unknown != 0, grid,
                                std::move(address), std::move(words), released != 0, std::move(channel), case_id, std::move(external),
                                due, closed, std::move(department), withheld));
        },
        pieces.args);
    add_pictures(rows, reader);
    std::vector<Found> out;
    for (auto& row : rows) {
      complete(row, reader, parts_, query.extensions, lang);
      out.push_back(std::move(row.found));
    }
    return out;
  });
}

core::Result<std::string> CityBackend::id_of_token(std::string_view token) {
  return parts_.db->read([&](store::Reader& reader) -> core::Result<std::string> {
    auto const id = respond::SignalDesk::by_token(reader, token);
    auto const at = id ? reader.value<std::int64_t>("SELECT received_at FROM signal WHERE id = ?", *id) : std::nullopt;
    if (!at)
      return core::fail(core::Errc::not_found, "token.unknown", {"没有这个凭证。", "There is no such token."}, "token");
    return respond::public_number(parts_.installation->prefix, *id, core::from_ms(*at), parts_.zone);
  });
}

}  // namespace zhili::web::open311

#include <boost/json.hpp>

#include "assure/reports/document.hpp"
#include "store/digest.hpp"

namespace zhili::assure::reports {

namespace {

namespace json = boost::json;
using json::array;
using json::object;
using json::value;

/// Texts are pairs [zh, en]: a list of a hundred thousand rows holds many.
value of(Text const& text) { return array{text.zh, text.en}; }
value of(double number) { return number; }
value of(std::string const& text) { return value(text); }
value of(core::LatLon at) { return array{at.lat_e7, at.lon_e7}; }
value of(Run const& run) { return array{run.words, run.link}; }
value of(Column const& column) { return array{of(column.title), column.number}; }
value of(Cell const& cell) { return cell.link.empty() ? array{cell.text.zh, cell.text.en} : array{cell.text.zh, cell.text.en, cell.link}; }
value of(Mark const& mark) { return of(mark.at); }
value of(Figure const& f) {
  return object{{"label", of(f.label)}, {"value", of(f.value)}, {"change", of(f.change)}, {"link", f.link}};
}
value of(Series const& s);
value of(Region const& r);
template <class T>
value of(std::vector<T> const& all) {
  array out;
  out.reserve(all.size());
  for (auto const& one : all) out.push_back(of(one));
  return out;
}
value of(Series const& s) {
  return object{{"name", of(s.name)}, {"values", of(s.values)}, {"shown", of(s.shown)}, {"links", of(s.links)}};
}
value of(Region const& r) {
  return object{{"name", of(r.name)}, {"rings", of(r.rings)}, {"value", r.value}, {"shown", of(r.shown)}, {"link", r.link}};
}

constexpr std::string_view shape_names[] = {"bars", "columns", "line"};

value block_of(Heading const& b) { return object{{"block", "heading"}, {"text", of(b.text)}}; }
value block_of(Paragraph const& b) { return object{{"block", "paragraph"}, {"zh", of(b.zh)}, {"en", of(b.en)}}; }
value block_of(FigureRow const& b) { return object{{"block", "figures"}, {"figures", of(b.figures)}}; }
value block_of(Table const& b) {
  return object{{"block", "table"}, {"title", of(b.title)}, {"columns", of(b.columns)}, {"rows", of(b.rows)}, {"total", of(b.total)}, {"note", of(b.note)}};
}
value block_of(Chart const& b) {
  return object{{"block", "chart"}, {"title", of(b.title)}, {"shape", shape_names[static_cast<std::size_t>(b.shape)]}, {"labels", of(b.labels)}, {"series", of(b.series)}};
}
value block_of(Map const& b) {
  return object{{"block", "map"}, {"title", of(b.title)}, {"legend", of(b.legend)}, {"regions", of(b.regions)}, {"marks", of(b.marks)}, {"marks_legend", of(b.marks_legend)}};
}

// ---- and back. Boost.JSON throws where something is missing or of another type; document_from() catches.

std::string words(value const& v) { return std::string(v.as_string()); }
Text text(value const& v) { return {words(v.at(0)), words(v.at(1))}; }
template <class Read>
auto all(value const& v, Read const& read) {
  std::vector<decltype(read(v))> out;
  out.reserve(v.as_array().size());
  for (auto const& one : v.as_array()) out.push_back(read(one));
  return out;
}
core::LatLon place(value const& v) { return {v.at(0).to_number<std::int32_t>(), v.at(1).to_number<std::int32_t>()}; }
Run run(value const& v) { return {words(v.at(0)), words(v.at(1))}; }
Column column(value const& v) { return {text(v.at(0)), v.at(1).as_bool()}; }
Cell cell(value const& v) { return {text(v), v.as_array().size() > 2 ? words(v.at(2)) : std::string()}; }
Row row(value const& v) { return all(v, cell); }
Figure figure(value const& v) { return {text(v.at("label")), text(v.at("value")), text(v.at("change")), words(v.at("link"))}; }
double number(value const& v) { return v.to_number<double>(); }
Series series(value const& v) {
  return {text(v.at("name")), all(v.at("values"), number), all(v.at("shown"), text), all(v.at("links"), words)};
}
Region region(value const& v) {
  auto const ring = [](value const& points) { return all(points, place); };
  return {text(v.at("name")), all(v.at("rings"), ring), number(v.at("value")), text(v.at("shown")), words(v.at("link"))};
}
Mark mark(value const& v) { return {place(v)}; }

Chart::Shape shape(value const& v) {
  for (std::size_t i = 0; i < std::size(shape_names); ++i)
    if (v.as_string() == shape_names[i]) return static_cast<Chart::Shape>(i);
  throw std::invalid_argument("shape");
}

Block block(value const& v) {
  auto const kind = std::string_view(v.at("block").as_string());
  if (kind == "heading") return Heading{text(v.at("text"))};
  if (kind == "paragraph") return Paragraph{all(v.at("zh"), run), all(v.at("en"), run)};
  if (kind == "figures") return FigureRow{all(v.at("figures"), figure)};
  if (kind == "table")
    return Table{text(v.at("title")), all(v.at("columns"), column), all(v.at("rows"), row), row(v.at("total")), text(v.at("note"))};
  if (kind == "chart") return Chart{text(v.at("title")), shape(v.at("shape")), all(v.at("labels"), text), all(v.at("series"), series)};
  if (kind == "map")
    return Map{text(v.at("title")), text(v.at("legend")), all(v.at("regions"), region), all(v.at("marks"), mark), text(v.at("marks_legend"))};
  throw std::invalid_argument("block");
}

}  // namespace

std::string to_json(Document const& d) {
  array blocks;
  for (auto const& one : d.blocks) blocks.push_back(std::visit([](auto const& b) { return block_of(b); }, one));
  return json::serialize(object{{"format", "zhili report 1"},
                                {"title", of(d.title)},
                                {"subtitle", of(d.subtitle)},
                                {"issuer", of(d.issuer)},
                                {"comment", of(d.comment)},
                                {"blocks", std::move(blocks)},
                                {"notes", of(d.notes)},
                                {"as_of", core::to_ms(d.as_of)},
                                {"seq", d.seq}});
}

core::Result<Document> document_from(std::string_view text_of_it) {
  try {
    auto const v = json::parse(text_of_it);
    if (v.at("format").as_string() != "zhili report 1") throw std::invalid_argument("format");
    return Document{text(v.at("title")),         text(v.at("subtitle")),  text(v.at("issuer")),
                    text(v.at("comment")),       all(v.at("blocks"), block), all(v.at("notes"), text),
                    core::from_ms(v.at("as_of").to_number<std::int64_t>()), v.at("seq").to_number<std::int64_t>()};
  } catch (std::exception const& error) {
    return core::fail(core::Errc::corrupt, "report.document",
                      {"存下的报告读不出来。请运行 zhili ledger verify。", "A kept report cannot be read. Run zhili ledger verify."}, {}, error.what());
  }
}

std::string digest_of(std::string_view json) { return store::to_hex(store::sha256(json)); }

}  // namespace zhili::assure::reports

#include <boost/json.hpp>

#include "web/api/view.hpp"
#include "web/openness/openness.hpp"

namespace zhili::web {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

object algorithm_json(catalogue::Algorithm const& a, catalogue::Pack const& pack, catalogue::Catalogue const& catalogue) {
  auto const* role = catalogue.role(a.overruled_by);
  return {{"code", a.code},
          {"name", to_json(a.name)},
          {"purpose", to_json(a.purpose)},
          {"does", a.acts ? "acts" : "suggests"},
          {"owner", to_json(a.owner)},
          {"basis", to_json(a.basis)},
          {"version", a.version},
          {"uses", to_json(a.uses)},
          {"quality", to_json(a.quality)},
          {"measured_by", a.measured_by.empty() ? value(nullptr) : value(a.measured_by)},
          {"overruled_by", object{{"code", a.overruled_by}, {"name", to_json(role ? role->name : core::Text{a.overruled_by, a.overruled_by})}}},
          {"overruling", to_json(a.overruling)},
          {"pack", object{{"code", pack.pack}, {"version", pack.version}, {"name", to_json(pack.name)}}}};
}

Shape register_shape() {
  using namespace shape;
  auto const words = both_languages();
  auto const pack = record("", {{"code", text()}, {"version", text()}, {"name", words}});
  auto const role = record("", {{"code", text()}, {"name", words}});
  auto const one = record("Algorithm", {{"code", text()},
                                        {"name", words},
                                        {"purpose", words},
                                        {"does", choice({"suggests", "acts"}), {"只建议，还是自动执行", "Whether it only suggests, or acts by itself"}},
                                        {"owner", words},
                                        {"basis", words},
                                        {"version", text()},
                                        {"uses", words, {"用到哪些数据", "Which data it looks at"}},
                                        {"quality", words},
                                        {"measured_by", nullable(text()), {"打印这个数字的命令", "The command that prints the figure"}},
                                        {"overruled_by", role},
                                        {"overruling", words},
                                        {"pack", pack}});
  return record("", {{"algorithms", list(one)}});
}

}  // namespace

void mount_algorithms(Operations& operations, ApiParts const& parts) {
  operations.add({.id = "listAlgorithms", .method = Method::get, .pattern = "/api/v1/algorithms", .summary = {"算法登记", "The register of algorithms"},
                  .who = everybody(), .good = {{.shape = register_shape()}}},
                 [parts](Call const&) -> core::Result<Response> {
                   array all;
                   for (auto const* pack : parts.catalogue->packs())
                     for (auto const& one : pack->algorithms) all.push_back(algorithm_json(one, *pack, *parts.catalogue));
                   return Response::json(boost::json::serialize(object{{"algorithms", std::move(all)}}));
                 });
}

}  // namespace zhili::web

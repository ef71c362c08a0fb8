#include "assure/reports/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "assure/reports/report_test_kit.hpp"
#include "catalogue/pack.hpp"
#include "support/temp_db.hpp"

namespace zhili::assure::reports {
namespace {

using namespace kit;
using testing::HasSubstr;
using testing::Not;

catalogue::ReportTemplate const& form(std::string_view code) {
  static auto const catalogue = catalogue::read_catalogue(ZHILI_SOURCE_DIR "/packs", {"base"}).value();
  return *catalogue->report(code);
}

Document monthly() {
  MadeUp figures;
  auto const subject = april(figures);
  return compose(form("monthly"), subject, figures);
}

/// What a program of Debian says of a file.
std::string asked(std::string const& program, std::string const& bytes) {
  test::TempFolder const folder;
  auto const file = folder.path() / "report.pdf";
  std::ofstream(file, std::ios::binary) << bytes;
  auto const out = folder.path() / "out.txt";
  auto const command = program + " " + file.string() + " > " + out.string();
  if (program.starts_with("pdftotext")) EXPECT_EQ(std::system(("pdftotext -layout " + file.string() + " " + out.string()).c_str()), 0);
  else EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream in(out, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ReportDocument, ComesBackFromItsCanonicalTextAsItWas) {
  auto const document = monthly();
  auto const json = to_json(document);
  auto const back = document_from(json);
  ASSERT_TRUE(back) << back.error().detail;
  EXPECT_EQ(*back, document);
  EXPECT_EQ(to_json(*back), json);
  for (auto const* bad : {"", "{}", "[1]", R"({"format":"zhili report 1"})", R"({"format":"zhili report 2","title":["",""]})"})
    EXPECT_EQ(document_from(bad).error().code, core::Errc::corrupt) << bad;
}

TEST(ReportDocument, IsTheOneThatWasAgreedOn) {
  std::string const golden = ZHILI_SOURCE_DIR "/src/assure/reports/testdata/monthly.json";
  auto const made = to_json(monthly());
  if (std::getenv("ZHILI_WRITE_GOLDEN")) std::ofstream(golden, std::ios::binary) << made << "\n";
  std::ifstream in(golden, std::ios::binary);
  std::string kept{std::istreambuf_iterator<char>(in), {}};
  EXPECT_TRUE(made + "\n" == kept) << "a changed document makes every kept digest another one: is that meant?";
}

TEST(ReportCompose, WritesFiguresIntoWordsInBothLanguages) {
  auto const json = to_json(monthly());
  EXPECT_THAT(json, HasSubstr("1,234"));
  EXPECT_THAT(json, HasSubstr("较上月"));
  EXPECT_THAT(json, HasSubstr("增加 23.4%"));
  EXPECT_THAT(json, HasSubstr("up 23.4%"));
  EXPECT_THAT(json, HasSubstr("提高 1.2 个百分点"));
  EXPECT_THAT(json, HasSubstr("2026年4月"));
  EXPECT_THAT(json, HasSubstr("April 2026"));
}

TEST(ReportHtml, EscapesWordsAndLinksEachFigureToItsCases) {
  auto const html = to_html(monthly(), Lang::zh);
  EXPECT_THAT(html, HasSubstr("暴露垃圾 &lt;b&gt;&amp;"));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, HasSubstr(R"(<a href="/cases?state=all&amp;figure=opened">1,234</a>)"));
  EXPECT_THAT(html, HasSubstr(R"(href="/cases/LC-2604-1000")"));
  EXPECT_THAT(html, HasSubstr("lang=\"zh-CN\""));
  EXPECT_THAT(to_html_part(monthly(), Lang::en), testing::StartsWith("<article"));
}

TEST(ReportPdf, HoldsTheWordsOfBothLanguagesAndEmbedsItsFonts) {
  for (auto const lang : {Lang::zh, Lang::en}) {
    auto const pdf = to_pdf(monthly(), lang);
    ASSERT_TRUE(pdf) << pdf.error().text.en;
    auto const words = asked("pdftotext", *pdf);
    EXPECT_THAT(words, HasSubstr(lang == Lang::zh ? "榴城区城市运行月报" : "Monthly report"));
    EXPECT_THAT(words, HasSubstr(lang == Lang::zh ? "解放路街道" : "Jiefang Road"));
    EXPECT_THAT(words, HasSubstr("1,234"));
    EXPECT_THAT(words, HasSubstr(lang == Lang::zh ? "第 1 页，共 " : "Page 1 of "));
    auto const fonts = asked("pdffonts", *pdf);
    EXPECT_THAT(fonts, HasSubstr("NotoS"));
    std::istringstream lines(fonts);
    std::string line;
    std::getline(lines, line);  // the names of the columns
    auto const embedded = line.find("emb");
    std::getline(lines, line);
    int count = 0;
    while (std::getline(lines, line)) {
      EXPECT_EQ(line.substr(embedded, 3), "yes") << line;
      ++count;
    }
    EXPECT_GT(count, 0);
  }
}

TEST(ReportPdf, LinksEachFigureToItsCasesWhereTheInstallationIsReachedAndHasAnOutline) {
  auto const document = monthly();
  auto const inside = [](std::string const& pdf) {  // PDF 1.5 packs its objects: an uncompressed copy tells
    test::TempFolder const folder;
    auto const file = folder.path() / "report.pdf";
    std::ofstream(file, std::ios::binary) << pdf;
    auto const script = "python3 -c \"import re,sys,zlib; b=open(sys.argv[1],'rb').read(); out=b;\n"
                        "for m in re.finditer(rb'stream\\r?\\n', b):\n"
                        "  try: out+=zlib.decompressobj().decompress(b[m.end():])\n"
                        "  except zlib.error: pass\n"
                        "open(sys.argv[2],'wb').write(out)\" " + file.string() + " " + (folder.path() / "out").string();
    EXPECT_EQ(std::system(script.c_str()), 0);
    std::ifstream in(folder.path() / "out", std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(in), {}};
  };
  auto const linked = inside(to_pdf(document, Lang::zh, "https://city.example.org").value());
  EXPECT_THAT(linked, HasSubstr("https://city.example.org/cases?state=all&figure=opened"));
  EXPECT_THAT(linked, HasSubstr("https://city.example.org/evaluation/cases?indicator=on_time_closing"));
  EXPECT_THAT(linked, HasSubstr("https://city.example.org/cases/LC-2604-1000"));
  EXPECT_THAT(linked, HasSubstr("/Outlines"));
  EXPECT_THAT(inside(to_pdf(document, Lang::zh).value()), Not(HasSubstr("/URI")));
}

TEST(ReportPdf, IsTheSameToTheByteEachTime) {
  auto const document = monthly();
  EXPECT_EQ(to_pdf(document, Lang::zh).value(), to_pdf(document, Lang::zh).value());
  EXPECT_EQ(to_xlsx(document, Lang::en).value(), to_xlsx(document, Lang::en).value());
}

TEST(ReportPdf, BreaksALongTableOverPagesAndRepeatsItsHead) {
  MadeUp figures;
  figures.rows = 150;
  auto const subject = april(figures);
  catalogue::ReportTemplate long_list{.code = "x", .name = {"清单", "List"}, .about = {}, .period = ReportPeriod::month, .schedule = {}, .blocks = {}};
  long_list.blocks.push_back({.kind = catalogue::ReportBlock::Kind::list, .title = {"全部案卷", "All cases"}, .list = ReportList::cases, .most = 1000});
  auto const words = asked("pdftotext", to_pdf(compose(long_list, subject, figures), Lang::zh).value());
  EXPECT_THAT(words, HasSubstr("LC-2604-1149"));
  EXPECT_THAT(words, HasSubstr("全部案卷（续）"));
  std::size_t heads = 0;
  for (auto at = words.find("编号"); at != std::string::npos; at = words.find("编号", at + 1)) ++heads;
  EXPECT_GE(heads, 3U);
}

TEST(Report, WithAHundredThousandRowsIsWholeInTheXlsxAndCutOnPaperWhichSaysSo) {
  MadeUp figures;
  figures.rows = list_rows_max + 5;
  auto const subject = april(figures);
  catalogue::ReportTemplate long_list{.code = "x", .name = {"清单", "List"}, .about = {}, .period = ReportPeriod::month, .schedule = {}, .blocks = {}};
  long_list.blocks.push_back({.kind = catalogue::ReportBlock::Kind::list, .title = {"全部案卷", "All cases"}, .list = ReportList::cases, .most = 1'000'000});
  auto const document = document_from(to_json(compose(long_list, subject, figures))).value();
  auto const& table = std::get<Table>(document.blocks.front());
  EXPECT_EQ(table.rows.size(), list_rows_max);
  EXPECT_THAT(table.note.en, HasSubstr("100005 in all; 100000 are listed"));
  auto const html = to_html(document, Lang::en);
  EXPECT_THAT(html, HasSubstr("100000 rows; these are the first 500"));
  EXPECT_LT(html.size(), std::size_t{1} << 20);
  auto const pdf = to_pdf(document, Lang::en).value();
  EXPECT_THAT(asked("pdftotext", pdf), HasSubstr("100000 rows; these are the first 2000"));
  auto const xlsx = to_xlsx(document, Lang::en);
  ASSERT_TRUE(xlsx) << xlsx.error().text.en;
  EXPECT_LT(xlsx->size(), std::size_t{16} << 20);
}

TEST(ReportXlsx, TakesWordsThatLookLikeFormulasForWords) {
  auto const xlsx = to_xlsx(monthly(), Lang::zh).value();
  test::TempFolder const folder;
  auto const file = folder.path() / "r.xlsx";
  std::ofstream(file, std::ios::binary) << xlsx;
  auto const script = "python3 -c \"import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); t=''.join(z.read(n).decode() for n in z.namelist()); "
                      "sys.exit(0 if '<f>' not in t and '=HYPERLINK' in t else 1)\" " + file.string();
  EXPECT_EQ(std::system(script.c_str()), 0);
}

TEST(ReportNumbers, AreWrittenAsPeopleReadThem) {
  EXPECT_EQ(shown(1'234'567, Form::count), "1,234,567");
  EXPECT_EQ(shown(0, Form::count), "0");
  EXPECT_EQ(shown(std::nullopt, Form::share), "–");
  EXPECT_EQ(shown(0.8549, Form::share), "85.5%");
  EXPECT_EQ(shown(1.0, Form::share), "100.0%");
  EXPECT_EQ(shown(0.04, Form::decimal), "0.0");
  EXPECT_EQ(change_shown(110, 100, Form::count).en, "up 10.0%");
  EXPECT_EQ(change_shown(90, 100, Form::count).zh, "减少 10.0%");
  EXPECT_EQ(change_shown(100, 100, Form::count).zh, "持平");
  EXPECT_EQ(change_shown(5, 0, Form::count).en, "up from 0");
  EXPECT_EQ(change_shown(0, 0, Form::count).en, "unchanged");
  EXPECT_EQ(change_shown(0.80, 0.85, Form::share).en, "down 5.0 points");
  EXPECT_EQ(change_shown(1, std::nullopt, Form::share).zh, "无可比数据");
}

}  // namespace
}  // namespace zhili::assure::reports

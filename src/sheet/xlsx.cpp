#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <string_view>

#include "sheet/sheet.hpp"

namespace zhili::sheet {

namespace {

using core::Errc;
using core::fail;

constexpr std::size_t name_chars_max = 31;

/// A file that is only memory: the library writes to files alone.
class MemoryFile {
 public:
  MemoryFile() : fd_(memfd_create("xlsx", MFD_CLOEXEC)) {}
  ~MemoryFile() {
    if (fd_ >= 0) close(fd_);
  }
  MemoryFile(MemoryFile const&) = delete;
  bool good() const { return fd_ >= 0; }
  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_); }
  std::string bytes() const {
    auto const end = lseek(fd_, 0, SEEK_END);
    std::string out(end > 0 ? static_cast<std::size_t>(end) : 0, '\0');
    std::size_t at = 0;
    while (at < out.size()) {
      auto const got = pread(fd_, out.data() + at, out.size() - at, static_cast<off_t>(at));
      if (got <= 0) return {};
      at += static_cast<std::size_t>(got);
    }
    return out;
  }

 private:
  int fd_;
};

/// At most so many characters of UTF-8, never a part of one.
std::string cut(std::string_view text, std::size_t chars_max) {
  std::size_t chars = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins && ++chars > chars_max) return std::string(text.substr(0, i));
  }
  return std::string(text);
}

std::string sheet_name(std::string name) {
  for (char& c : name)
    if (std::string_view("[]:*?/\\'").find(c) != std::string_view::npos) c = ' ';
  return cut(name.empty() ? "1" : name, name_chars_max);
}

tl::unexpected<core::Error> refused(std::string_view sheet, lxw_error why) {
  if (why == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
    return fail(Errc::limit, "sheet.cell",
                {fmt::format("表“{}”有一格超过 {} 字。请改用 CSV。", sheet, xlsx_cell_chars_max),
                 fmt::format("A cell of the table \"{}\" has more than {} characters. Take CSV instead.", sheet, xlsx_cell_chars_max)});
  return fail(Errc::unavailable, "sheet.write",
              {fmt::format("写不成表“{}”。请再试；仍不行就改用 CSV。", sheet),
               fmt::format("The table \"{}\" could not be written. Try again, or take CSV.", sheet)},
              {}, lxw_strerror(why));
}

struct Formats {
  lxw_format* head;
  lxw_format* share;
};

lxw_error write_cell(lxw_worksheet* page, lxw_row_t row, lxw_col_t column, Value const& value, lxw_format* format) {
  if (auto const* whole = std::get_if<std::int64_t>(&value)) return worksheet_write_number(page, row, column, static_cast<double>(*whole), format);
  if (auto const* number = std::get_if<double>(&value)) return worksheet_write_number(page, row, column, *number, format);
  if (auto const* text = std::get_if<std::string>(&value)) return worksheet_write_string(page, row, column, text->c_str(), nullptr);
  return LXW_NO_ERROR;
}

core::Result<> write_sheet(lxw_workbook* book, Sheet const& sheet, Formats const& formats) {
  if (sheet.notes.size() + 1 + sheet.rows.size() > xlsx_rows_max)
    return fail(Errc::limit, "sheet.rows",
                {fmt::format("表“{}”有 {} 行，XLSX 最多 {} 行。请缩小范围，或改用 CSV。", sheet.name, sheet.rows.size(), xlsx_rows_max),
                 fmt::format("The table \"{}\" has {} rows; XLSX takes {} at most. Narrow it, or take CSV.", sheet.name, sheet.rows.size(), xlsx_rows_max)});
  auto* const page = workbook_add_worksheet(book, sheet_name(sheet.name).c_str());
  if (!page) return refused(sheet.name, LXW_ERROR_MEMORY_MALLOC_FAILED);
  lxw_error error = LXW_NO_ERROR;
  auto const note = [&](lxw_error got) {
    if (error == LXW_NO_ERROR) error = got;
  };
  lxw_row_t row = 0;
  for (auto const& line : sheet.notes) note(worksheet_write_string(page, row++, 0, line.c_str(), nullptr));
  for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
    auto const column = static_cast<lxw_col_t>(i);
    note(worksheet_set_column(page, column, column, sheet.columns[i].width_chars, nullptr));
    note(worksheet_write_string(page, row, column, sheet.columns[i].title.c_str(), formats.head));
  }
  worksheet_freeze_panes(page, ++row, 0);
  for (auto const& cells : sheet.rows) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      bool const share = i < sheet.columns.size() && sheet.columns[i].form == Form::share;
      note(write_cell(page, row, static_cast<lxw_col_t>(i), cells[i], share ? formats.share : nullptr));
    }
    ++row;
  }
  if (error != LXW_NO_ERROR) return refused(sheet.name, error);
  return {};
}

}  // namespace

core::Result<std::string> xlsx(std::span<Sheet const> sheets, core::Instant made_at) {
  MemoryFile const file;
  if (!file.good()) return refused("", LXW_ERROR_CREATING_TMPFILE);
  auto* const book = workbook_new(file.path().c_str());
  if (!book) return refused("", LXW_ERROR_MEMORY_MALLOC_FAILED);
  lxw_doc_properties about{};
  about.created = static_cast<time_t>(core::to_ms(made_at) / 1'000);
  workbook_set_properties(book, &about);
  Formats const formats{workbook_add_format(book), workbook_add_format(book)};
  format_set_bold(formats.head);
  format_set_num_format(formats.share, "0.0%");
  core::Result<> written;
  for (auto const& sheet : sheets)
    if (written) written = write_sheet(book, sheet, formats);
  auto const closed = workbook_close(book);  // also lets go of its memory, so it comes before any return
  ZHILI_CHECK(std::move(written));
  if (closed != LXW_NO_ERROR) return refused(sheets.empty() ? "" : sheets.front().name, closed);
  return file.bytes();
}

}  // namespace zhili::sheet

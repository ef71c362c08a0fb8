# cmake -DFILE=x.json -DOUT=x.cpp -P embed_schema.cmake: writes what catalogue/schema.hpp declares. The text is cut
# into pieces because a compiler need not take a longer literal than 64 KiB.
file(READ ${FILE} json)
string(LENGTH "${json}" length)
set(body "#include \"catalogue/schema.hpp\"\n\nnamespace zhili::catalogue {\n\n// Generated from packs/schema.\nstd::string_view pack_schema() {\n  static constexpr char json[] =\n")
set(at 0)
while(at LESS length)
  string(SUBSTRING "${json}" ${at} 4000 piece)
  string(APPEND body "      R\"zhili_json(${piece})zhili_json\"\n")
  math(EXPR at "${at} + 4000")
endwhile()
string(APPEND body "      ;\n  return json;\n}\n\n}  // namespace zhili::catalogue\n")
file(WRITE ${OUT} "${body}")

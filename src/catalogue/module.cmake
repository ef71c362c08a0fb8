# Embeds packs/schema/pack.schema.json, so that the program can check packs wherever it runs.
set(pack_schema ${CMAKE_SOURCE_DIR}/packs/schema/pack.schema.json)
set(pack_schema_cpp ${CMAKE_BINARY_DIR}/generated/catalogue/pack_schema.cpp)
add_custom_command(
  OUTPUT ${pack_schema_cpp}
  COMMAND ${CMAKE_COMMAND} -DFILE=${pack_schema} -DOUT=${pack_schema_cpp} -P ${CMAKE_SOURCE_DIR}/cmake/embed_schema.cmake
  DEPENDS ${pack_schema} ${CMAKE_SOURCE_DIR}/cmake/embed_schema.cmake
  VERBATIM)
target_sources(zhili_catalogue PRIVATE ${pack_schema_cpp})

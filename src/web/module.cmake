# Packs ui/dist (made by `npm run build`) into the program. Without it the program serves its interfaces only.
set(assets_file ${CMAKE_BINARY_DIR}/generated/web/assets.bin)
set(assets_from ${CMAKE_BINARY_DIR}/generated/web/none)
if(ZHILI_UI)
  set(assets_from ${CMAKE_SOURCE_DIR}/ui/dist)
  file(GLOB_RECURSE assets_depend CONFIGURE_DEPENDS ${assets_from}/*)
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_custom_command(
  OUTPUT ${assets_file}
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/tools/pack_assets.py ${assets_from} ${assets_file}
  DEPENDS ${CMAKE_SOURCE_DIR}/tools/pack_assets.py ${assets_depend}
  VERBATIM)
set(assets_blob ${CMAKE_SOURCE_DIR}/src/web/assets/assets_blob.S)
set_source_files_properties(${assets_blob} PROPERTIES
  OBJECT_DEPENDS ${assets_file} COMPILE_DEFINITIONS "ZHILI_ASSETS_FILE=\"${assets_file}\"")
target_sources(zhili_web PRIVATE ${assets_blob} ${assets_file})

# Where routes are mounted, short words (list, see, answered) name what one page does, and other pages use them too.
file(GLOB_RECURSE route_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/web/*_routes.cpp ${CMAKE_SOURCE_DIR}/src/web/api/*.cpp)
set_source_files_properties(${route_files} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)

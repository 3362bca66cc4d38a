# Every flag of the WASM builds, each with its reason. NODE_PATH must name Debian's Node modules:
# the optimiser of emcc needs acorn from there (the wasm presets set it).

set(WAYPOST_WASM_STACK_BYTES 262144) # the deepest JSON takes a tenth of it
set(WAYPOST_WASM_MEMORY_BYTES_MAX 33554432) # a page never gives more than that to us

# How the core and its ABI are compiled for the module, and so for the tests of it.
set(WAYPOST_WASM_COMPILE_OPTIONS
    -O3
    -fno-exceptions
    -fno-rtti
    # Every page fetches this. Together these two take 3 KB of brotli away and no time that
    # bench/wasm_bench.mjs could see.
    -fno-unroll-loops
    "SHELL:-mllvm -inline-threshold=25")

# The shipped module: no glue, no file system, what wasm/exports.txt names and nothing else.
function(waypost_ship_module target)
  file(STRINGS ${PROJECT_SOURCE_DIR}/wasm/exports.txt names)
  list(TRANSFORM names PREPEND "_")
  list(JOIN names "," exports)
  target_link_options(
    ${target}
    PRIVATE
      -O3 # the link optimises too: twice as fast as by -Os, for half a kilobyte
      -fno-exceptions
      -fno-rtti
      --no-entry # a library, not a program
      -sSTANDALONE_WASM=1 # js/core.js gives the few imports; there is no generated glue
      -sEXPORTED_FUNCTIONS=${exports}
      -sFILESYSTEM=0
      -sMALLOC=emmalloc # a third of dlmalloc's size, and fast enough for what is allocated here
      -sABORTING_MALLOC=0 # waypost_allocate_bytes answers null instead
      -sTOTAL_STACK=${WAYPOST_WASM_STACK_BYTES}
      -sINITIAL_MEMORY=2097152
      -sALLOW_MEMORY_GROWTH=1
      -sMAXIMUM_MEMORY=${WAYPOST_WASM_MEMORY_BYTES_MAX}
      -sASSERTIONS=0
      -Wl,--strip-all)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS ${PROJECT_SOURCE_DIR}/wasm/exports.txt)
endfunction()

# A program for Node: the core's own test suite. Only these files know exceptions.
function(waypost_node_program target)
  target_compile_options(${target} PRIVATE -fexceptions)
  # Node has no alternative signal stack.
  target_compile_definitions(${target} PRIVATE BOOST_TEST_DISABLE_ALT_STACK)
  target_link_options(
    ${target}
    PRIVATE
      -fexceptions
      -sNODERAWFS=1 # tests read tests/vectors from the disk
      -sEXIT_RUNTIME=1 # the exit status is the suite's
      -sTOTAL_STACK=${WAYPOST_WASM_STACK_BYTES}
      -sALLOW_MEMORY_GROWTH=1
      -sASSERTIONS=1)
  # This emcc's glue would fetch its own file, which Node's fetch cannot do.
  set_target_properties(
    ${target} PROPERTIES CROSSCOMPILING_EMULATOR
                         "${NODE_JS_EXECUTABLE};--no-experimental-fetch")
  # Its glue is CommonJS; the project's own package.json says that .js files are not.
  file(WRITE ${CMAKE_BINARY_DIR}/package.json "{\"type\":\"commonjs\"}\n")
  # emcc must never see /usr/include, whose C headers are those of this machine, so the libraries
  # that are only headers are linked into a folder of their own.
  set(headers ${CMAKE_BINARY_DIR}/header_only)
  file(MAKE_DIRECTORY ${headers})
  foreach(library boost nlohmann)
    if(NOT EXISTS ${headers}/${library})
      file(CREATE_LINK /usr/include/${library} ${headers}/${library} SYMBOLIC)
    endif()
  endforeach()
  target_include_directories(${target} SYSTEM PRIVATE ${headers})
endfunction()

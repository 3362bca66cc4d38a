#define BOOST_TEST_MODULE waypost_fuzz
#include <boost/test/included/unit_test.hpp>

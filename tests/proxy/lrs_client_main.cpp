#define BOOST_TEST_MODULE waypost_lrs_client
#include <boost/test/included/unit_test.hpp>

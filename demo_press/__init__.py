"""A small press of our own, served on loopback, for `solieu demo` and the tests to crawl."""

-- What a transaction adds to the index waits in memory until so much of it is there. A quarter of a
-- second of an import is some 7 MB; with twice as much room an import takes no less time, and its
-- peak of memory is higher by what is left over.

INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);

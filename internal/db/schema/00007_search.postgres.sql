-- +goose Up

-- Words of what is on the shelf, by shelf.no. Words of the name stand twice, once
-- with "n." before them; facets begin with "f.". The words come cut from Go.
CREATE TABLE shelf_search (
    no    INTEGER PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX shelf_search_words ON shelf_search USING gin (words) WITH (fastupdate = off);

-- +goose Down
SELECT 1;

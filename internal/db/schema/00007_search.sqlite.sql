-- +goose Up

-- Words of what is on the shelf, by shelf.no as rowid; the words come cut from Go.
CREATE VIRTUAL TABLE shelf_search USING fts5 (
    name, words, facets,
    content = '', contentless_delete = 1, detail = column,
    tokenize = 'unicode61 remove_diacritics 0'
);

-- +goose Down
SELECT 1;

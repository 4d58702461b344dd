package db

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// JSON stores v as TEXT and reads it back into v, which is a pointer for reading.
func JSON(v any) interface {
	driver.Valuer
	sql.Scanner
} {
	return jsonField{v}
}

type jsonField struct{ v any }

// Value encodes.
func (f jsonField) Value() (driver.Value, error) {
	b, err := json.Marshal(f.v)
	return string(b), err
}

// Scan decodes; NULL and "" leave the value as it is.
func (f jsonField) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		if v == "" {
			return nil
		}
		return json.Unmarshal([]byte(v), f.v)
	case []byte:
		return json.Unmarshal(v, f.v)
	}
	return fmt.Errorf("not JSON text: %T", src)
}

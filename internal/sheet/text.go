package sheet

import (
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/money"
)

// Text is a cell as CSV writes it.
func Text(c Cell) string {
	switch v := c.(type) {
	case nil:
		return ""
	case money.Amount:
		return v.String()
	case time.Time:
		if v.IsZero() {
			return ""
		}
		return v.Format("2006-01-02 15:04")
	case string:
		return harmless(v)
	}
	return fmt.Sprint(c)
}

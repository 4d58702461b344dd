package bankfile

import (
	"encoding/csv"
	"io"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"
)

// columns are the heads of the table, as the portals of Chinese banks name them.
var columns = []string{"收款户名", "收款账号", "开户行", "联行号", "金额", "用途", "业务参考号"}

// csv writes the table with lines ended as on Windows, where the portals' tools run.
func (f File) csv(w io.Writer, gb bool) error {
	out := w
	var encoder *transform.Writer
	if gb {
		encoder = transform.NewWriter(w, simplifiedchinese.GB18030.NewEncoder())
		out = encoder
	} else if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	table := csv.NewWriter(out)
	table.UseCRLF = true
	if err := table.Write(columns); err != nil {
		return err
	}
	for _, p := range f.Payments {
		row := []string{p.To.Name, p.To.Number, p.To.Bank, p.To.CNAPS, decimal(p.Amount.Fen), p.Remark, p.Reference}
		if err := table.Write(row); err != nil {
			return err
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return err
	}
	if encoder != nil {
		return encoder.Close()
	}
	return nil
}

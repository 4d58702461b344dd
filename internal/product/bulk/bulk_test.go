package bulk_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/bulk"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// titles of the sheet of services, as a person may have kept them.
var titles = []string{"商品编码", "类目 *", "商品名称", "标签", "一句话简介", "商品详情", "售后服务说明", "依托的云产品", "交付天数", "需求单模板", "规格1名称", "规格1数量", "规格1单位", "规格1原价", "规格1售价", "备注"}

func line(code, name, price string) []sheet.Cell {
	return []sheet.Cell{code, "运维服务", name, "运维，巡检", "按月巡检云上系统", "# 内容\n- 巡检", "工作日 9:00–18:00", "云服务器", "5", "请写明服务器数量", "月度", "1", "个月", price, price, "内部备注"}
}

// file writes a spreadsheet of services.
func file(t testing.TB, lines ...[]sheet.Cell) []byte {
	t.Helper()
	var columns []sheet.Column
	for _, s := range titles {
		columns = append(columns, sheet.Column{Title: s})
	}
	var b bytes.Buffer
	err := sheet.Write(&b, sheet.Table{Name: "人工服务", Columns: columns, Rows: sheet.Each(lines, func(c []sheet.Cell) []sheet.Cell { return c })})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// owner makes a vendor that may create services.
func owner(t testing.TB, d *db.DB, id string) access.Actor {
	t.Helper()
	by := access.Actor{Kind: access.Member, ID: "acc_" + id, VendorID: id, Roles: []access.Role{access.Owner}}
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), `INSERT INTO vendor (id, made_by, made_at) VALUES ($1, $2, $3)`, id, by.ID, tx.Now())
		return err
	})
	yunshitest.Qualify(t, d, id, policy.Platform, "ops")
	yunshitest.Contract(t, d, id, yunshitest.Terms{})
	return by
}

func handIn(t testing.TB, d *db.DB, by access.Actor, data []byte) bulk.Import {
	t.Helper()
	in, err := bulk.Read(bytes.NewReader(data), "商品.xlsx", policy.Shipped(), text.ZH)
	if err != nil {
		t.Fatal(err)
	}
	var i bulk.Import
	yunshitest.Write(t, d, func(tx *db.Tx) (err error) { i, err = bulk.HandIn(context.Background(), tx, by, in); return err })
	return i
}

func begin(d *db.DB, by access.Actor, o bulk.Order) error {
	return d.Write(context.Background(), func(tx *db.Tx) error { _, err := bulk.Begin(context.Background(), tx, by, o); return err })
}

func rowsOf(t testing.TB, d *db.DB, by access.Actor, id string) (rows []bulk.Row) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
		rows, err = bulk.Rows(context.Background(), tx, by, bulk.RowFilter{ID: id})
		return err
	})
	return rows
}

func desks(t testing.TB, d *db.DB, by access.Actor) (all []product.Desk) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
		all, err = product.Desks(context.Background(), tx, by, "", "")
		return err
	})
	return all
}

func TestImportMakesDraftsOnceAndNamesWhatIsWrong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		by := owner(t, d, "ven_a")
		bad := line("S-3", "巡检三", "九十九")
		bad[1] = "镜像服务"
		data := file(t, line("S-1", "巡检一", "99"), line("S-2", "巡检二", "199.50"), bad, line("S-1", "巡检一", "99"), line("", "无编码", "1"))
		i := handIn(t, d, by, data)
		if i.Total != 5 || i.Good != 2 || i.Wrong != 3 || i.Status != bulk.Preview {
			t.Fatalf("judged: %+v", i)
		}
		var columns []string
		for _, r := range rowsOf(t, d, by, i.ID) {
			for _, f := range r.Faults {
				if !f.Note {
					columns = append(columns, r.Code+" "+f.Column)
				}
			}
		}
		if diff := cmp.Diff([]string{"S-3 规格1原价", "S-3 规格1售价", "S-3 类目", "S-1 商品编码", " 商品编码"}, columns); diff != "" {
			t.Errorf("the faults stand at −want +got\n%s", diff)
		}
		if len(desks(t, d, by)) != 0 {
			t.Error("looking at an import made a product")
		}
		if err := begin(d, by, bulk.Order{ID: i.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("begun with wrong rows: %v", err)
		}
		if err := begin(d, by, bulk.Order{ID: i.ID, SkipWrong: true}); err != nil {
			t.Fatal(err)
		}
		if err := bulk.Do(d)(ctx, bulk.Task{ImportID: i.ID}); err != nil {
			t.Fatal(err)
		}
		all := desks(t, d, by)
		if len(all) != 2 || all[0].Product.Content.Code != "S-1" || all[0].Status != product.Draft || all[1].Product.Content.Plans[0].Sale.Fen != 19950 {
			t.Fatalf("it made %+v", all)
		}
		again := handIn(t, d, by, data)
		if err := begin(d, by, bulk.Order{ID: again.ID, SkipWrong: true}); err != nil {
			t.Fatal(err)
		}
		if err := bulk.Do(d)(ctx, bulk.Task{ImportID: again.ID}); err != nil {
			t.Fatal(err)
		}
		for _, r := range rowsOf(t, d, by, again.ID) {
			if r.State == bulk.RowDone && r.Act != bulk.Same {
				t.Errorf("the second time %s is %s", r.Code, r.Act)
			}
		}
		if n := len(desks(t, d, by)); n != 2 {
			t.Errorf("the same file twice made %d products", n)
		}
		var report []byte
		yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
			report, err = bulk.Faults(ctx, tx, by, bulk.Chosen{ID: again.ID})
			return err
		})
		book, err := sheet.Open(bytes.NewReader(report), sheet.Usual())
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		var last []string
		for r, err := range book.Rows("人工服务") {
			if err != nil {
				t.Fatal(err)
			}
			last = append(last, r.Cell(len(titles))+" "+r.Cell(len(titles)+1))
		}
		if len(last) != 6 || !strings.HasPrefix(last[0], "结果 ") || !strings.HasPrefix(last[1], "已导入") || !strings.Contains(last[3], "规格1原价：") {
			t.Errorf("the file of faults ends in %q", last)
		}
	})
}

// An export is read back as it is, in either language, and changes nothing.
func TestExportReadsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		by := owner(t, d, "ven_a")
		i := handIn(t, d, by, file(t, line("S-1", "巡检一", "99"), line("S-2", "巡检二", "1")))
		if err := begin(d, by, bulk.Order{ID: i.ID}); err != nil {
			t.Fatal(err)
		}
		if err := bulk.Do(d)(ctx, bulk.Task{ImportID: i.ID}); err != nil {
			t.Fatal(err)
		}
		for _, l := range []text.Lang{text.ZH, text.EN} {
			var data []byte
			yunshitest.Write(t, d, func(tx *db.Tx) (err error) { data, err = bulk.Export(ctx, tx, by, l); return err })
			back := handIn(t, d, by, data)
			for _, r := range rowsOf(t, d, by, back.ID) {
				if r.Act != bulk.Same || r.State != bulk.RowGood {
					t.Errorf("%v: %s is %s, %+v", l, r.Code, r.Act, r.Faults)
				}
			}
			if back.Total != 2 {
				t.Errorf("%v: %d rows came back", l, back.Total)
			}
			yunshitest.Write(t, d, func(tx *db.Tx) (err error) { data, err = bulk.Template(ctx, tx, by, l); return err })
			if _, err := bulk.Read(bytes.NewReader(data), "x", policy.Shipped(), l); !errors.Is(err, fault.Invalid) {
				t.Errorf("%v: an empty template is %v", l, err)
			}
		}
	})
}

// A stopped import goes on where it stopped; two workers at once do each row once.
func TestImportStopsAndGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		by := owner(t, d, "ven_a")
		var lines [][]sheet.Cell
		for n := range 12 {
			lines = append(lines, line("S-"+string(rune('a'+n)), "巡检", "99"))
		}
		i := handIn(t, d, by, file(t, lines...))
		if err := begin(d, by, bulk.Order{ID: i.ID}); err != nil {
			t.Fatal(err)
		}
		yunshitest.Write(t, d, func(tx *db.Tx) error { _, err := bulk.Stop(ctx, tx, by, bulk.Chosen{ID: i.ID}); return err })
		if err := bulk.Do(d)(ctx, bulk.Task{ImportID: i.ID}); err != nil || len(desks(t, d, by)) != 0 {
			t.Errorf("a stopped import went on: %v", err)
		}
		if err := begin(d, by, bulk.Order{ID: i.ID}); err != nil {
			t.Fatal(err)
		}
		if err := begin(d, by, bulk.Order{ID: i.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("begun twice: %v", err)
		}
		var wg sync.WaitGroup
		errs := make([]error, 3)
		for n := range errs {
			wg.Add(1)
			go func() { defer wg.Done(); errs[n] = bulk.Do(d)(ctx, bulk.Task{ImportID: i.ID}) }()
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil && !errors.Is(err, fault.Conflict) {
			t.Fatal(err)
		}
		if n := len(desks(t, d, by)); n != 12 {
			t.Errorf("%d products", n)
		}
		yunshitest.Write(t, d, func(tx *db.Tx) (err error) { i, err = bulk.Get(ctx, tx, by, bulk.Chosen{ID: i.ID}); return err })
		if i.Done != 12 || i.Status != bulk.Done {
			t.Errorf("it ended as %+v", i)
		}
	})
}

func TestImportIsItsVendorsAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		by, stranger := owner(t, d, "ven_a"), owner(t, d, "ven_b")
		support := access.Actor{Kind: access.Member, ID: "acc_s", VendorID: "ven_a", Roles: []access.Role{access.Support}}
		i := handIn(t, d, by, file(t, line("S-1", "巡检", "99")))
		read := func(who access.Actor) error {
			return d.Read(ctx, func(tx *db.Tx) error { _, err := bulk.Get(ctx, tx, who, bulk.Chosen{ID: i.ID}); return err })
		}
		for name, x := range map[string]struct {
			err  error
			want fault.Kind
		}{
			"a stranger reads":  {read(stranger), fault.NotFound},
			"a stranger begins": {begin(d, stranger, bulk.Order{ID: i.ID}), fault.NotFound},
			"support begins":    {begin(d, support, bulk.Order{ID: i.ID}), fault.Forbidden},
		} {
			if !errors.Is(x.err, x.want) {
				t.Errorf("%s: %v", name, x.err)
			}
		}
		if err := read(support); err != nil {
			t.Errorf("support reads: %v", err)
		}
	})
}

func TestReadRefusesWhatIsNoFileOfProducts(t *testing.T) {
	var other bytes.Buffer
	if err := sheet.Write(&other, sheet.Table{Name: "工资", Columns: []sheet.Column{{Title: "姓名"}}, Rows: sheet.Each([]string{"王芳"}, func(s string) []sheet.Cell { return []sheet.Cell{s} })}); err != nil {
		t.Fatal(err)
	}
	few := policy.Shipped()
	few.Imports.RowsAtMost = 1
	for name, x := range map[string]struct {
		data []byte
		p    policy.Policy
	}{
		"text":          {[]byte("商品编码,名称"), policy.Shipped()},
		"another sheet": {other.Bytes(), policy.Shipped()},
		"too many rows": {file(t, line("1", "a", "1"), line("2", "b", "1")), few},
		"cut off":       {file(t, line("1", "a", "1"))[:900], policy.Shipped()},
	} {
		_, err := bulk.Read(bytes.NewReader(x.data), "x.xlsx", x.p, text.ZH)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) == 0 || f.Fields[0].Pointer != "/file" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzRead holds that no file makes the reader fall over.
func FuzzRead(f *testing.F) {
	f.Add(file(f, line("S-1", "巡检", "99")))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := bulk.Read(bytes.NewReader(data), "x.xlsx", policy.Shipped(), text.ZH)
		if err == nil && len(in.Rows) == 0 {
			t.Error("read without rows")
		}
	})
}

package console

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/takeout"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func TestDataPageInEachState(t *testing.T) {
	now := time.Date(2026, 3, 5, 7, 30, 0, 0, time.UTC)
	one := func(s takeout.Status) takeout.Takeout {
		return takeout.Takeout{ID: "tko_1", Status: s, AskedAt: now.Add(-time.Hour)}
	}
	ready := one(takeout.Ready)
	ready.Records, ready.Files, ready.Missing, ready.Bytes, ready.Downloads = 1234, 56, 1, 3<<20, 2
	ready.MadeAt, ready.UntilAt = now, now.AddDate(0, 0, 7)
	late := ready
	late.UntilAt = now.Add(-time.Minute)
	making := one(takeout.Making)
	making.Done, making.Total = 30, 90
	for name, x := range map[string]struct {
		v     dataView
		want  [2][]string
		lacks []string
	}{
		"no company": {dataView{None: true}, [2][]string{{"还没有公司资料", "开始入驻申请"}, {"No company yet", "Begin the application"}}, []string{`action="/console/data"`}},
		"no owner":   {dataView{}, [2][]string{{"请联系负责人"}, {"Ask the owner"}}, []string{`action="/console/data"`}},
		"empty":      {dataView{May: true}, [2][]string{{"还没有生成过", "SHA-256"}, {"None yet", "in clear"}}, []string{"/download"}},
		"waiting":    {dataView{May: true, List: []takeout.Takeout{one(takeout.Waiting)}}, [2][]string{{"等待开始", "取消生成"}, {"Waiting to begin", "Cancel"}}, []string{`action="/console/data"`}},
		"making":     {dataView{May: true, List: []takeout.Takeout{making}}, [2][]string{{"30 / 90", "生成中"}, {"30 / 90", "Being made"}}, []string{"/download"}},
		"ready":      {dataView{May: true, List: []takeout.Takeout{ready}}, [2][]string{{"1234 条记录", "3.0 MB", "有 1 个文件缺失", "/console/data/tko_1/download"}, {"1234 records", "1 file is missing"}}, nil},
		"too late":   {dataView{May: true, List: []takeout.Takeout{late}}, [2][]string{{"可下载"}, {"Ready"}}, []string{"/download"}},
		"over":       {dataView{May: true, List: []takeout.Takeout{one(takeout.Failed), one(takeout.Halted), one(takeout.Removed)}}, [2][]string{{"生成失败", "已取消", "已过期删除"}, {"Failed", "Cancelled", "Expired"}}, []string{"/download"}},
	} {
		for i, l := range text.Langs() {
			x.v.P, x.v.Now, x.v.Rules = text.Printer{Lang: l, Zone: time.UTC}, now, policy.Shipped().Oversight
			var b bytes.Buffer
			if err := dataPage(x.v).Render(ui.With(t.Context(), x.v.P), &b); err != nil {
				t.Fatal(err)
			}
			for _, want := range x.want[i] {
				if !strings.Contains(b.String(), want) {
					t.Errorf("%s in %s lacks %q", name, l.Tag(), want)
				}
			}
			for _, bad := range append(x.lacks, "%!") {
				if strings.Contains(b.String(), bad) {
					t.Errorf("%s in %s shows %q", name, l.Tag(), bad)
				}
			}
		}
	}
}

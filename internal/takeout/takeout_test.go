package takeout_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/takeout"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// shop is a database with one file store and the jobs of takeouts.
type shop struct {
	t      *testing.T
	d      *db.DB
	store  *store
	files  *file.Files
	runner *job.Runner
}

// store is a real store whose writing can be made to fail, as a process or a disk may.
type store struct {
	file.Store
	mu    sync.Mutex
	puts  int
	fails func(put int) error // nil is none; guarded by mu
}

func (s *store) Put(ctx context.Context, name string, data []byte) error {
	s.mu.Lock()
	s.puts++
	put, fails := s.puts, s.fails
	s.mu.Unlock()
	if fails != nil {
		if err := fails(put); err != nil {
			return err
		}
	}
	return s.Store.Put(ctx, name, data)
}

func (s *store) fail(f func(put int) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.puts, s.fails = 0, f
}

func (s *store) blobs(t *testing.T) (names []string) {
	t.Helper()
	if err := s.Each(context.Background(), func(b file.Blob) error { names = append(names, b.Name); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

func opened(t *testing.T, d *db.DB) *shop {
	t.Helper()
	local, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, d: d, store: &store{Store: local}}
	s.files = file.New(s.store, dbtest.Vault())
	s.runner = s.worker(d)
	return s
}

func (s *shop) worker(d *db.DB) *job.Runner {
	var reg job.Registry
	takeout.Register(&reg, d, s.files)
	return job.NewRunner(d, &reg, quiet(), 2)
}

func (s *shop) drain() {
	s.t.Helper()
	if err := s.runner.Drain(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// company is a vendor with a deposit, a licence and an owner.
func (s *shop) company(name string) (vendor.Vendor, access.Actor) {
	s.t.Helper()
	v := yunshitest.Trading(s.t, s.d, "ops")
	owner := yunshitest.Person(s.t, s.d, yunshitest.Owner(v.ID), name)
	s.keep(owner, v.ID, file.Licence, "营业执照.pdf", []byte("%PDF-1.7 licence of "+name))
	return v, owner
}

func (s *shop) keep(by access.Actor, vendorID string, p file.Purpose, name string, data []byte) file.File {
	s.t.Helper()
	up, err := s.files.Produced(context.Background(), data, name, file.PDF)
	if err != nil {
		s.t.Fatal(err)
	}
	var f file.File
	yunshitest.Write(s.t, s.d, func(tx *db.Tx) (err error) {
		f, err = file.Keep(context.Background(), tx, by, up, vendorID, p)
		return err
	})
	return f
}

func (s *shop) try(by access.Actor) (t takeout.Takeout, err error) {
	err = s.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		t, err = takeout.Ask(context.Background(), tx, by, struct{}{})
		return err
	})
	return t, err
}

func (s *shop) ask(by access.Actor) takeout.Takeout {
	s.t.Helper()
	t, err := s.try(by)
	if err != nil {
		s.t.Fatal(err)
	}
	return t
}

func (s *shop) get(by access.Actor, id string) (t takeout.Takeout) {
	s.t.Helper()
	yunshitest.Read(s.t, s.d, func(tx *db.Tx) (err error) {
		t, err = takeout.Get(context.Background(), tx, by, takeout.Chosen{ID: id})
		return err
	})
	return t
}

func (s *shop) fetch(by access.Actor, id string) (data []byte, err error) {
	var t takeout.Takeout
	if err := s.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		t, err = takeout.Fetch(context.Background(), tx, by, takeout.Chosen{ID: id})
		return err
	}); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = takeout.Send(context.Background(), s.d, s.files, t, &b)
	return b.Bytes(), err
}

// unpack opens a file and proves what its manifest says of each entry.
func unpack(t *testing.T, data []byte) (map[string][]byte, takeout.Manifest) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if _, twice := all[f.Name]; twice || strings.Contains(f.Name, "..") || strings.HasPrefix(f.Name, "/") {
			t.Errorf("the entry %q", f.Name)
		}
		all[f.Name] = b
	}
	var m takeout.Manifest
	if err := json.Unmarshal(all["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Entries) != len(all)-1 {
		t.Errorf("the manifest names %d of %d entries", len(m.Entries), len(all)-1)
	}
	sums := string(all["SHA256SUMS"])
	for _, e := range m.Entries {
		sum := sha256.Sum256(all[e.Path])
		if e.SHA256 != hex.EncodeToString(sum[:]) || e.Bytes != int64(len(all[e.Path])) {
			t.Errorf("%s is not what the manifest says", e.Path)
		}
		if e.Path != "SHA256SUMS" && !strings.Contains(sums, e.SHA256+"  "+e.Path+"\n") {
			t.Errorf("%s is not in SHA256SUMS", e.Path)
		}
	}
	return all, m
}

// rows are a noun's rows, which stand in both of its files.
func rows(t *testing.T, all map[string][]byte, noun string) []map[string]any {
	t.Helper()
	var list []map[string]any
	if err := json.Unmarshal(all["data/json/"+noun+".json"], &list); err != nil {
		t.Fatalf("%s: %v", noun, err)
	}
	plain, ok := bytes.CutPrefix(all["data/csv/"+noun+".csv"], []byte("\ufeff"))
	if !ok {
		t.Errorf("%s.csv has no byte order mark", noun)
	}
	table, err := csv.NewReader(bytes.NewReader(plain)).ReadAll()
	if err != nil || len(table) != len(list)+1 {
		t.Fatalf("%s: %d rows as JSON, %d lines as CSV: %v", noun, len(list), len(table), err)
	}
	return list
}

func wantFault(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: %v, want %s", what, err, kind)
	}
}

func TestTheOwnerTakesOutEverythingOfTheCompany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		v, owner := s.company("王芳")
		other, _ := s.company("李娜")
		asked := s.ask(owner)
		if asked.Status != takeout.Waiting {
			t.Errorf("it begins as %s", asked.Status)
		}
		_, err := s.fetch(owner, asked.ID)
		wantFault(t, "fetched before it is made", err, fault.Conflict)
		s.drain()
		made := s.get(owner, asked.ID)
		if made.Status != takeout.Ready || made.Percent() != 100 || made.Records == 0 || made.Files != 1 || made.Missing != 0 ||
			!made.UntilAt.Equal(dbtest.Start.Add(7*24*time.Hour)) {
			t.Fatalf("made: %+v", made)
		}
		data, err := s.fetch(owner, asked.ID)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		if made.SHA256 != hex.EncodeToString(sum[:]) || made.Bytes != int64(len(data)) {
			t.Errorf("%d bytes came, not the %d that were made", len(data), made.Bytes)
		}
		all, m := unpack(t, data)
		if m.VendorID != v.ID || m.Vendor != v.Name || !m.At.Equal(dbtest.Start) {
			t.Errorf("manifest: %+v", m)
		}
		company := rows(t, all, "company")[0]["company"].(map[string]any)
		if got := company["account"].(map[string]any)["number"]; got != v.Company.Account.Number {
			t.Errorf("the account stands as %v: it is the company's own and in clear", got)
		}
		if p := rows(t, all, "people"); len(p) != 1 || p[0]["name"] != "王芳" || p[0]["mail"] != owner.ID+"@example.com" {
			t.Errorf("people: %v", p)
		}
		if got := rows(t, all, "receipts"); len(got) != 1 || got[0]["confirmed_by"] != "operator" && got[0]["confirmed_by"] != "system" {
			t.Errorf("receipts: %v; who of the staff it was is not told", got)
		}
		if got := rows(t, all, "postings"); len(got) == 0 {
			t.Error("no postings")
		}
		f := rows(t, all, "files")
		if len(f) != 1 {
			t.Fatalf("files: %v", f)
		}
		if got := all[fmt.Sprintf("files/licence/%s-营业执照.pdf", f[0]["id"])]; string(got) != "%PDF-1.7 licence of 王芳" {
			t.Errorf("the licence stands as %q", got)
		}
		for _, want := range []string{"公司资料（1）", "Company profile (1)", v.Name, v.ID} {
			if !strings.Contains(string(all["README.txt"]), want) {
				t.Errorf("the readme does not say %q", want)
			}
		}
		for name, body := range all {
			for _, foreign := range []string{other.ID, other.Name, other.Company.Account.Number, "李娜"} {
				if bytes.Contains(body, []byte(foreign)) {
					t.Errorf("%s holds %q of another company", name, foreign)
				}
			}
			for _, secret := range []string{"password_hash", "secret_hash", "stop_token", "$argon2"} {
				if bytes.Contains(body, []byte(secret)) {
					t.Errorf("%s holds %s", name, secret)
				}
			}
		}
		var kinds []string
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			list, err := event.List(context.Background(), tx, owner, event.Filter{VendorID: v.ID, Subject: asked.ID, Oldest: true})
			for _, e := range list {
				kinds = append(kinds, e.Kind)
			}
			return err
		})
		if diff := cmp.Diff([]string{"takeout.asked", "takeout.made", "takeout.downloaded"}, kinds); diff != "" {
			t.Errorf("the timeline −want +got\n%s", diff)
		}
	})
}

func TestTakeoutIsTheOwnersAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		v, owner := s.company("王芳")
		_, stranger := s.company("李娜")
		asked := s.ask(owner)
		s.drain()
		member := func(r access.Role) access.Actor {
			return access.Actor{Kind: access.Member, ID: "acc_m", VendorID: v.ID, Roles: []access.Role{r}}
		}
		stale, narrow := owner, owner
		stale.Stale = true
		narrow.Scopes = []access.Scope{access.ScopeRead, access.ScopeApply, access.ScopeProducts}
		for name, x := range map[string]struct {
			by   access.Actor
			get  fault.Kind // "" is allowed
			rest fault.Kind
			ask  fault.Kind
		}{
			"finance of the company": {member(access.VendorFinance), fault.Forbidden, fault.Forbidden, fault.Forbidden},
			"products":               {member(access.ProductPeople), fault.Forbidden, fault.Forbidden, fault.Forbidden},
			"support":                {member(access.Support), fault.Forbidden, fault.Forbidden, fault.Forbidden},
			"another owner":          {stranger, fault.NotFound, fault.NotFound, ""},
			"an administrator":       {yunshitest.Staff("acc_boss", access.Administrator), fault.NotFound, fault.NotFound, fault.NotFound},
			"an auditor":             {yunshitest.Staff("acc_audit", access.Auditor), fault.NotFound, fault.NotFound, fault.NotFound},
			"nobody":                 {access.Actor{}, fault.Unauthenticated, fault.Unauthenticated, fault.Unauthenticated},
			"who has no company":     {access.Actor{Kind: access.Member, ID: "acc_n"}, fault.NotFound, fault.NotFound, fault.NotFound},
			"an old proof":           {stale, "", fault.Unproved, fault.Unproved},
			"a key that may less":    {narrow, fault.Forbidden, fault.Forbidden, fault.Forbidden},
		} {
			check := func(what string, err error, want fault.Kind) {
				t.Helper()
				if want == "" && err != nil || want != "" && !errors.Is(err, want) {
					t.Errorf("%s %s: %v, want %q", name, what, err, want)
				}
			}
			check("gets it", d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := takeout.Get(t.Context(), tx, x.by, takeout.Chosen{ID: asked.ID})
				return err
			}), x.get)
			_, err := s.fetch(x.by, asked.ID)
			check("fetches it", err, x.rest)
			_, err = s.try(x.by)
			check("asks for one", err, x.ask)
		}
		var pieces []string
		yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
			pieces, err = db.All(t.Context(), tx, db.Value[string], `SELECT file_id FROM takeout_part`)
			return err
		})
		if len(pieces) == 0 {
			t.Fatal("it has no piece")
		}
		for _, by := range []access.Actor{owner, stranger, yunshitest.Staff("acc_boss", access.Administrator)} {
			wantFault(t, by.ID+" reads a piece as a file", d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := file.Get(t.Context(), tx, by, pieces[0])
				return err
			}), fault.NotFound)
		}
	})
}

func TestOneAtATimeAndAFewADay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		_, owner := s.company("王芳")
		var wg sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wg.Add(1)
			go func() { defer wg.Done(); _, errs[i] = s.try(owner) }()
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			wantFault(t, "asked twice at once", err, fault.Conflict)
		}
		if won != 1 {
			t.Fatalf("%d of six at once won", won)
		}
		s.drain()
		for range policy.Shipped().Oversight.TakeoutsPerDay - 1 {
			s.ask(owner)
			s.drain()
		}
		_, err := s.try(owner)
		wantFault(t, "a fourth in a day", err, fault.TooMany)
		dbtest.Advance(d, 24*time.Hour)
		if _, err := s.try(owner); err != nil {
			t.Errorf("on the next day: %v", err)
		}
	})
}

func TestTheBytesGoWhenTheTimeHasPassed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		_, owner := s.company("王芳")
		before := s.store.blobs(t)
		asked := s.ask(owner)
		s.drain()
		if len(s.store.blobs(t)) == len(before) {
			t.Fatal("nothing was laid into the store")
		}
		dbtest.Advance(d, 7*24*time.Hour)
		_, err := s.fetch(owner, asked.ID) // before the job has run
		wantFault(t, "fetched too late", err, fault.Gone)
		s.sweep()
		if got := s.get(owner, asked.ID); got.Status != takeout.Removed || got.EndedAt.IsZero() {
			t.Errorf("it is %+v", got)
		}
		if diff := cmp.Diff(before, s.store.blobs(t)); diff != "" {
			t.Errorf("the store −before +after\n%s", diff)
		}
		_, err = s.fetch(owner, asked.ID)
		wantFault(t, "fetched when it is gone", err, fault.Gone)
		s.onlyPieces(0)
	})
}

// sweep runs the hourly job.
func (s *shop) sweep() {
	s.t.Helper()
	yunshitest.Write(s.t, s.d, func(tx *db.Tx) error {
		return job.Kind[struct{}]{Name: "takeout.sweep"}.Later(context.Background(), tx, struct{}{})
	})
	s.drain()
}

// onlyPieces: so many rows of pieces, and as many rows of their files.
func (s *shop) onlyPieces(n int) {
	s.t.Helper()
	yunshitest.Read(s.t, s.d, func(tx *db.Tx) error {
		parts, err := db.One(context.Background(), tx, db.Value[int], `SELECT COUNT(*) FROM takeout_part`)
		if err != nil {
			return err
		}
		files, err := db.One(context.Background(), tx, db.Value[int], `SELECT COUNT(*) FROM file WHERE purpose = 'takeout'`)
		if parts != n || files != n {
			s.t.Errorf("%d pieces with %d files, want %d", parts, files, n)
		}
		return err
	})
}

// heavy gives a company documents of many megabytes, so that its file has pieces.
func (s *shop) heavy(by access.Actor, vendorID string, megabytes int) {
	s.t.Helper()
	for i := range megabytes {
		data := make([]byte, 1<<20)
		seed := uint64(i) + 1
		for j := range data { // not to be compressed
			seed = seed*6364136223846793005 + 1442695040888963407
			data[j] = byte(seed >> 56)
		}
		s.keep(by, vendorID, file.Evidence, fmt.Sprintf("证明%d.pdf", i), data)
	}
}

// A process killed in the middle leaves no half file: the next one begins anew.
func TestKilledInTheMiddleItBeginsAnew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		v, owner := s.company("王芳")
		s.heavy(owner, v.ID, 10)
		before := s.store.blobs(t)
		asked := s.ask(owner)
		ctx, kill := context.WithCancel(t.Context())
		s.store.fail(func(put int) error {
			if put == 2 {
				kill()
				return context.Canceled
			}
			return nil
		})
		if _, err := s.worker(d).Once(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := s.get(owner, asked.ID); got.Status != takeout.Making || got.Done == 0 {
			t.Fatalf("killed, it is %+v", got)
		}
		s.onlyPieces(1)
		_, err := s.fetch(owner, asked.ID)
		wantFault(t, "half of it fetched", err, fault.Conflict)
		s.store.fail(nil)
		dbtest.Advance(d, time.Hour)
		s.drain()
		made := s.get(owner, asked.ID)
		if made.Status != takeout.Ready || made.Files != 11 {
			t.Fatalf("made anew it is %+v", made)
		}
		s.onlyPieces(int((made.Bytes + 4<<20 - 1) / (4 << 20)))
		if got, want := len(s.store.blobs(t)), len(before)+int((made.Bytes+4<<20-1)/(4<<20)); got != want {
			t.Errorf("%d blobs, want %d: what the killed one laid down is gone", got, want)
		}
		data, err := s.fetch(owner, asked.ID)
		if err != nil {
			t.Fatal(err)
		}
		unpack(t, data)
	})
}

// Two processes that have the same job, since the lease of one ran out, make one file.
func TestTwoProcessesMakeOneFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		v, owner := s.company("王芳")
		s.heavy(owner, v.ID, 9)
		asked := s.ask(owner)
		begun, goOn := make(chan struct{}), make(chan struct{})
		s.store.fail(func(put int) error {
			if put == 1 {
				close(begun)
				<-goOn
			}
			return nil
		})
		done := make(chan error, 1)
		go func() { _, err := s.worker(d).Once(context.Background()); done <- err }()
		<-begun
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			return takeout.Work.Later(context.Background(), tx, takeout.Task{Takeout: asked.ID})
		})
		s.drain()
		made := s.get(owner, asked.ID)
		close(goOn)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if after := s.get(owner, asked.ID); made.Status != takeout.Ready || after != made {
			t.Fatalf("made %+v, and after the late one %+v", made, after)
		}
		data, err := s.fetch(owner, asked.ID)
		if err != nil {
			t.Fatal(err)
		}
		unpack(t, data)
		s.onlyPieces(int((made.Bytes + 4<<20 - 1) / (4 << 20)))
	})
}

func TestStoppedItLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		v, owner := s.company("王芳")
		s.heavy(owner, v.ID, 9)
		before := s.store.blobs(t)
		stop := func(id string) error {
			return d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := takeout.Stop(context.Background(), tx, owner, takeout.Chosen{ID: id})
				return err
			})
		}
		asked := s.ask(owner)
		if err := stop(asked.ID); err != nil {
			t.Fatal(err)
		}
		s.drain()
		wantFault(t, "stopped twice", stop(asked.ID), fault.Conflict)
		second := s.ask(owner)
		s.store.fail(func(put int) error {
			if put == 2 {
				return stop(second.ID)
			}
			return nil
		})
		s.drain()
		s.store.fail(nil)
		for _, id := range []string{asked.ID, second.ID} {
			if got := s.get(owner, id); got.Status != takeout.Halted {
				t.Errorf("it is %s", got.Status)
			}
		}
		s.onlyPieces(0)
		dbtest.Advance(d, 365*24*time.Hour)
		if _, err := s.files.Sweep(context.Background(), d); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, s.store.blobs(t)); diff != "" {
			t.Errorf("the store −before +after\n%s", diff)
		}
	})
}

// A store that fails for ever: it is seen, told, retried by staff and then made.
func TestFailingForEverItIsSeenAndRetried(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		_, owner := s.company("王芳")
		asked := s.ask(owner)
		s.store.fail(func(int) error { return errors.New("the disk is gone") })
		for range 8 {
			s.drain()
			dbtest.Advance(d, 12*time.Hour)
		}
		if got := s.get(owner, asked.ID); got.Status != takeout.Failed {
			t.Fatalf("it is %+v", got)
		}
		s.store.fail(nil)
		boss := yunshitest.Staff("acc_boss", access.Administrator)
		var dead []string
		yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
			dead, err = db.All(t.Context(), tx, db.Value[string], `SELECT id FROM job WHERE kind = 'takeout.make' AND state = 'dead'`)
			return err
		})
		if len(dead) != 1 {
			t.Fatalf("%d dead jobs", len(dead))
		}
		yunshitest.Write(t, d, func(tx *db.Tx) error { return event.RetryJob(t.Context(), tx, boss, dead[0]) })
		s.drain()
		if got := s.get(owner, asked.ID); got.Status != takeout.Ready {
			t.Errorf("retried it is %+v", got)
		}
	})
}

// A document that the store has lost is named and stops nothing else.
func TestALostDocumentIsNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		v, owner := s.company("王芳")
		lost := s.keep(owner, v.ID, file.Evidence, "证明.pdf", []byte("%PDF lost"))
		if err := s.store.Delete(t.Context(), lost.SHA256); err != nil {
			t.Fatal(err)
		}
		asked := s.ask(owner)
		s.drain()
		if got := s.get(owner, asked.ID); got.Status != takeout.Ready || got.Missing != 1 || got.Files != 1 {
			t.Fatalf("it is %+v", got)
		}
		data, err := s.fetch(owner, asked.ID)
		if err != nil {
			t.Fatal(err)
		}
		all, m := unpack(t, data)
		if !slices.Equal(m.Missing, []string{lost.ID}) || !strings.Contains(string(all["README.txt"]), "1 file could not be found") {
			t.Errorf("missing: %q", m.Missing)
		}
	})
}

// A text that a spreadsheet program would take for a formula stays a text.
func TestFormulasAreHarmless(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		v, owner := s.company("王芳")
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE vendor SET shop_name = $1 WHERE id = $2`, `=HYPERLINK("http://evil.example")`, v.ID)
			return err
		})
		asked := s.ask(owner)
		s.drain()
		data, err := s.fetch(owner, asked.ID)
		if err != nil {
			t.Fatal(err)
		}
		all, _ := unpack(t, data)
		if got := string(all["data/csv/company.csv"]); !strings.Contains(got, `"'=HYPERLINK(`) {
			t.Errorf("the CSV says %s", got)
		}
		if got := rows(t, all, "company")[0]["shop_name"]; got != `=HYPERLINK("http://evil.example")` {
			t.Errorf("the JSON says %v: it is as it was", got)
		}
	})
}

// What the demo has none of: the address book, a key, a mail that was entered, and
// one that was not, an offer of ownership, an import.
func TestWhatIsSealedOpensAndWhatIsNotToldStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := opened(t, d)
		v, owner := s.company("王芳")
		ctx := t.Context()
		letter := func(tx *db.Tx, id, status, body string) error {
			f, err := file.Keep(ctx, tx, access.SystemActor("mail"), s.laid(body), "", file.Mail)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `
				INSERT INTO mail_letter (id, status, way, file_id, sha256, sealed, passed, kept_by, kept_at, vendor_id, fit, voucher_id, decided_by)
				VALUES ($1, $2, 'imap', $3, $4, $5, TRUE, 'mail', $6, $7, 'sender', 'vch_1', 'acc_staff')`,
				id, status, f.ID, f.SHA256, tx.Vault().Seal("mail_letter.sealed:"+id, `{"content":{"subject":"`+body+`"}}`), tx.Now(), v.ID)
			return err
		}
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			if _, err := deposit.KeepAddress(ctx, tx, owner, deposit.AddressPaper{Address: "北京市海淀区示例路 1 号", Recipient: "王芳", Phone: "13800138000"}); err != nil {
				return err
			}
			if _, err := account.MakeKey(ctx, tx, owner, account.NewKey{Name: "ERP", Scopes: []access.Scope{access.ScopeRead}}); err != nil {
				return err
			}
			if err := letter(tx, "let_done", "done", "entered letter"); err != nil {
				return err
			}
			if err := letter(tx, "let_waits", "waiting", "letter of nobody yet"); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO account_transfer (id, vendor_id, from_id, to_id, keeps, state, made_at, open_at, expires_at) VALUES ('atr_1', $1, $2, $2, '["support"]', 'offered', $3, $3, $3)`, v.ID, owner.ID, tx.Now()); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO product_import (id, vendor_id, file_id, name, lang, status, fault, total, good, wrong, done, made_by, made_at, changed_at)
				VALUES ('imp_1', $1, '', '商品.xlsx', 'zh', 'done', '', 1, 1, 0, 1, $2, $3, $3)`, v.ID, owner.ID, tx.Now()); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO product_import_row (import_id, no, sheet, line, code, name, cells, content, faults, act, state, product_id)
				VALUES ('imp_1', 1, 'service', 2, 'S-1', '巡检', '["S-1","巡检"]', '{}', '[]', 'make', 'done', 'prd_1')`)
			return err
		})
		asked := s.ask(owner)
		s.drain()
		data, err := s.fetch(owner, asked.ID)
		if err != nil {
			t.Fatal(err)
		}
		all, _ := unpack(t, data)
		if got := rows(t, all, "addresses"); len(got) != 1 || got[0]["sealed"].(map[string]any)["address"] != "北京市海淀区示例路 1 号" {
			t.Errorf("addresses: %v", got)
		}
		if got := rows(t, all, "api_keys"); len(got) != 1 || got[0]["name"] != "ERP" || got[0]["secret_hash"] != nil || got[0]["prefix"] != nil {
			t.Errorf("keys: %v", got)
		}
		if got := rows(t, all, "mails"); len(got) != 1 || got[0]["id"] != "let_done" {
			t.Errorf("mails: %v", got)
		}
		if got := rows(t, all, "ownership_transfers"); len(got) != 1 || got[0]["from_id"] != owner.ID {
			t.Errorf("transfers: %v", got)
		}
		if got := rows(t, all, "product_import_rows"); len(got) != 1 || len(rows(t, all, "product_imports")) != 1 || got[0]["cells"].([]any)[1] != "巡检" {
			t.Errorf("import: %v", got)
		}
		letters := 0
		for name, body := range all {
			if strings.HasPrefix(name, "files/mail/") && string(body) == "entered letter" {
				letters++
			}
			if bytes.Contains(body, []byte("letter of nobody yet")) || bytes.Contains(body, []byte("let_waits")) {
				t.Errorf("%s holds a letter that is not known to be the company's", name)
			}
		}
		if letters != 1 {
			t.Errorf("the original of the mail stands %d times", letters)
		}
	})
}

// laid is content in the store without a row.
func (s *shop) laid(content string) file.Upload {
	s.t.Helper()
	up, err := s.files.Produced(context.Background(), []byte(content), "mail.eml", "message/rfc822")
	if err != nil {
		s.t.Fatal(err)
	}
	return up
}

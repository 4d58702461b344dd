package payment

import "github.com/yunshi-market/yunshi/internal/cn"

// candidates finds by hash which announcements a line may be of, so that many lines
// are compared with many announcements in one pass over each.
type candidates struct {
	all []Announcement
	of  map[string][]int // by reference, account and name
}

func newCandidates(all []Announcement) candidates {
	c := candidates{all, make(map[string][]int, 3*len(all))}
	for i, a := range all {
		c.add("r:"+a.Reference, i)
		c.add("a:"+foldAccount(a.PayerAccount), i)
		c.add("n:"+cn.NameKey(a.PayerName), i)
		for _, r := range a.Remitters {
			c.add("n:"+cn.NameKey(r), i)
		}
	}
	return c
}

func (c candidates) add(key string, i int) {
	if list := c.of[key]; len(list) == 0 || list[len(list)-1] != i {
		c.of[key] = append(list, i)
	}
}

// fitting returns the announcements that judge may find for a line, in their order.
func (c candidates) fitting(l Line) []Announcement {
	var out []Announcement
	seen := make(map[int]bool)
	take := func(key string) {
		for _, i := range c.of[key] {
			if !seen[i] {
				seen[i] = true
				out = append(out, c.all[i])
			}
		}
	}
	for _, r := range l.References {
		take("r:" + r)
	}
	take("a:" + foldAccount(l.Payer.Account))
	take("n:" + cn.NameKey(l.Payer.Name))
	return out
}

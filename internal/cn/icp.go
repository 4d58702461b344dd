package cn

import (
	"regexp"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// icp takes both of the letters some provinces are known by (云 and 滇), for
// filings use either.
var icp = regexp.MustCompile(`^[京津沪渝冀豫云滇辽黑湘皖鲁新苏浙赣鄂桂甘陇晋蒙陕秦吉闽贵黔粤青藏川蜀宁琼]ICP[备证][0-9]{6,10}号(?:-[0-9]{1,5}[A-Z]?)?$`)

// ParseICP reads the number of a web site's filing (京ICP备12345678号-1) or
// licence (京ICP证030173号), in any width and case. It is loose: whether the
// number exists only the authority's site can tell. Anything else is Invalid.
func ParseICP(s string) (string, error) {
	t := strings.ToUpper(squeeze(s, ""))
	t = strings.NewReplacer("備", "备", "證", "证", "號", "号", "—", "-", "–", "-", "−", "-").Replace(t)
	if t == "" {
		return "", fault.New(fault.Invalid, "fault.required")
	}
	if !icp.MatchString(t) {
		return "", fault.New(fault.Invalid, "cn.bad_icp")
	}
	return t, nil
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// options are how the command line is read; docs/configuration.md explains every
// flag and variable, and a test compares the two.
func options() []kong.Option {
	return []kong.Option{
		kong.Name("yunshi"),
		kong.Description("Yunshi 云市, a self-hosted cloud marketplace."),
		kong.Configuration(readConfig),
		kong.UsageOnError(),
		kong.Vars{"version": version, "rolehelp": roleHelp},
	}
}

// configFile is a configuration file: a JSON object with the names of flags as
// keys. A flag on the command line goes before the environment, the environment
// before the file.
type configFile map[string]any

func readConfig(r io.Reader) (kong.Resolver, error) {
	var c configFile
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("the configuration file is not a JSON object: %w", err)
	}
	return c, nil
}

// Validate refuses a key that names no flag: a slip in a name would otherwise
// leave the default in force without a word.
func (c configFile) Validate(app *kong.Application) error {
	known := make(map[string]bool)
	var collect func(n *kong.Node)
	collect = func(n *kong.Node) {
		for _, f := range n.Flags {
			known[f.Name] = true
		}
		for _, child := range n.Children {
			collect(child)
		}
	}
	collect(app.Node)
	for key := range c {
		if !known[key] {
			return fmt.Errorf("the configuration file names %q, which is no flag", key)
		}
	}
	return nil
}

// Resolve gives a flag its value, unless the environment does.
func (c configFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, env := range flag.Envs {
		if os.Getenv(env) != "" {
			return nil, nil
		}
	}
	switch v := c[flag.Name].(type) {
	case nil:
		return nil, nil
	case json.Number:
		return v.String(), nil
	case []any:
		parts := make([]string, len(v))
		for i, p := range v {
			parts[i] = fmt.Sprint(p)
		}
		return strings.Join(parts, ","), nil
	case map[string]any:
		var parts []string
		for key, value := range v {
			parts = append(parts, fmt.Sprintf("%s=%v", key, value))
		}
		return strings.Join(parts, ";"), nil
	default:
		return v, nil
	}
}

// Renders the chart without Helm, with what Helm itself is made of: Go's text/template and the functions of sprig. It knows what the
// chart uses (include, toYaml, toPrettyJson, nindent, fail, hooks as plain documents) and no more: no dependencies, no lookup.
//
//	go run . CHART [KEY=VALUE…]    VALUE is YAML; KEY is a path such as autoscaling.enabled
//
// Needs Debian's golang-go, golang-github-masterminds-sprig-dev and golang-gopkg-yaml.v3-dev, with GO111MODULE=off GOPATH=/usr/share/gocode.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

func main() {
	chart, values := map[string]interface{}{}, map[string]interface{}{}
	read(filepath.Join(os.Args[1], "Chart.yaml"), &chart)
	read(filepath.Join(os.Args[1], "values.yaml"), &values)
	for _, set := range os.Args[2:] {
		key, text, _ := strings.Cut(set, "=")
		var value interface{}
		check(yaml.Unmarshal([]byte(text), &value))
		put(values, strings.Split(key, "."), value)
	}

	all := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	functions["include"] = func(name string, data interface{}) (string, error) {
		var out bytes.Buffer
		err := all.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	functions["toYaml"] = func(value interface{}) (string, error) {
		out, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(out), "\n"), err
	}
	all.Funcs(functions)

	files, err := filepath.Glob(filepath.Join(os.Args[1], "templates", "*"))
	check(err)
	sort.Strings(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		check(err)
		_, err = all.New(filepath.Base(file)).Parse(string(text))
		check(err)
	}

	titled := map[string]interface{}{}
	for key, value := range chart {
		titled[strings.ToUpper(key[:1])+key[1:]] = value
	}
	data := map[string]interface{}{"Values": values, "Chart": titled, "Release": map[string]interface{}{"Name": "edge", "Namespace": "llm", "Service": "Helm"}}
	for _, file := range files {
		if filepath.Ext(file) != ".yaml" {
			continue
		}
		var out bytes.Buffer
		check(all.ExecuteTemplate(&out, filepath.Base(file), data))
		if strings.Contains(out.String(), "<no value>") {
			check(fmt.Errorf("%s names a value that is not there", file))
		}
		fmt.Printf("---\n# %s\n%s\n", filepath.Base(file), out.String())
	}
}

func put(in map[string]interface{}, path []string, value interface{}) {
	if len(path) == 1 {
		in[path[0]] = value
		return
	}
	next, _ := in[path[0]].(map[string]interface{})
	if next == nil {
		next = map[string]interface{}{}
		in[path[0]] = next
	}
	put(next, path[1:], value)
}

func read(path string, into *map[string]interface{}) {
	text, err := os.ReadFile(path)
	check(err)
	check(yaml.Unmarshal(text, into))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

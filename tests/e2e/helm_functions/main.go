// Runs templates with the engines of Helm's own libraries, many in one process. Two lines of the input are a case: the
// template in base64, and the values in JSON. A line of the output is its result: `ok` or `error`, a space, and the text
// in base64. The argument, 3 or 4, says which Helm.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"time"

	chart3 "helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	engine3 "helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v4/pkg/chart/common"
	chart4 "helm.sh/helm/v4/pkg/chart/v2"
	engine4 "helm.sh/helm/v4/pkg/engine"
)

const file = "templates/t.yaml"

func render3(template []byte, values map[string]any) (string, error) {
	c := &chart3.Chart{Metadata: &chart3.Metadata{Name: "c", Version: "1.0.0", APIVersion: "v2"},
		Templates: []*chart3.File{{Name: file, Data: template}}}
	out, err := (&engine3.Engine{}).Render(c, chartutil.Values{"Values": chartutil.Values(values)})
	return out["c/"+file], err
}

func render4(template []byte, values map[string]any) (string, error) {
	c := &chart4.Chart{Metadata: &chart4.Metadata{Name: "c", Version: "1.0.0", APIVersion: "v2"},
		Templates: []*common.File{{Name: file, ModTime: time.Now(), Data: template}}}
	out, err := (&engine4.Engine{}).Render(c, common.Values{"Values": common.Values(values)})
	return out["c/"+file], err
}

func run(render func([]byte, map[string]any) (string, error), template, values string) (word, text string) {
	defer func() {
		if r := recover(); r != nil {
			word, text = "error", fmt.Sprintf("panic: %v", r)
		}
	}()
	data, err := base64.StdEncoding.DecodeString(template)
	if err != nil {
		log.Fatal(err)
	}
	parsed := map[string]any{}
	if err := json.Unmarshal([]byte(values), &parsed); err != nil {
		log.Fatal(err)
	}
	printed, err := render(data, parsed)
	if err != nil {
		return "error", err.Error()
	}
	return "ok", printed
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	render := render3
	if len(os.Args) > 1 && os.Args[1] == "4" {
		render = render4
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		template := in.Text()
		in.Scan()
		word, text := run(render, template, in.Text())
		fmt.Fprintf(out, "%s %s\n", word, base64.StdEncoding.EncodeToString([]byte(text)))
	}
}

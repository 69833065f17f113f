// helm_values answers what Helm 3 and Helm 4 make of values files, by their own code, many in one process.
//
// Standard input holds texts, each after a line with its length in bytes. For each a line of JSON comes out:
//
//	{"helm3": {"values": {...}}, "helm4": {"error": "..."}}
//
// The values are those that a template sees as .Values in a chart of nothing but this values.yaml.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"

	util4 "helm.sh/helm/v4/pkg/chart/common/util"
	archive4 "helm.sh/helm/v4/pkg/chart/loader/archive"
	loader4 "helm.sh/helm/v4/pkg/chart/v2/loader"

	loader3 "helm.sh/helm/v3/pkg/chart/loader"
	chartutil3 "helm.sh/helm/v3/pkg/chartutil"
)

const chartYaml = "apiVersion: v2\nname: chart\nversion: 0.1.0\n"

type answer struct {
	Values *map[string]any `json:"values,omitempty"`
	Error  string          `json:"error,omitempty"`
}

type answers struct {
	Helm3 answer `json:"helm3"`
	Helm4 answer `json:"helm4"`
}

// guard turns a panic of Helm's libraries into an error.
func guard(values map[string]any, err error) answer {
	if err != nil {
		return answer{Error: err.Error()}
	}
	if values == nil {
		values = map[string]any{}
	}
	return answer{Values: &values}
}

func ask3(text []byte) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprint("panic: ", problem)}
		}
	}()
	chart, err := loader3.LoadFiles([]*loader3.BufferedFile{
		{Name: "Chart.yaml", Data: []byte(chartYaml)}, {Name: "values.yaml", Data: text}})
	if err != nil {
		return guard(nil, err)
	}
	values, err := chartutil3.CoalesceValues(chart, nil)
	return guard(values, err)
}

func ask4(text []byte) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprint("panic: ", problem)}
		}
	}()
	chart, err := loader4.LoadFiles([]*archive4.BufferedFile{
		{Name: "Chart.yaml", Data: []byte(chartYaml)}, {Name: "values.yaml", Data: text}})
	if err != nil {
		return guard(nil, err)
	}
	values, err := util4.CoalesceValues(chart, nil)
	return guard(values, err)
}

func main() {
	log.SetOutput(io.Discard)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		var length int
		if _, err := fmt.Fscanf(in, "%d\n", &length); err != nil {
			return
		}
		text := make([]byte, length)
		if _, err := io.ReadFull(in, text); err != nil {
			fmt.Fprintln(os.Stderr, "the input ends in a text:", err)
			os.Exit(1)
		}
		if err := encoder.Encode(answers{ask3(text), ask4(text)}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

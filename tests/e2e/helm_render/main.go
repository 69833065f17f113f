// Renders charts with Helm's own libraries, many in one process: each line of the input is a request in JSON, each line
// of the output the answer. `helm_render versions` prints the API versions that Helm knows by itself.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
)

// Request says what to render; what is left out has helm template's default.
type Request struct {
	Helm        int      `json:"helm"`
	Chart       string   `json:"chart"`
	Name        string   `json:"name"`
	Namespace   string   `json:"namespace"`
	Values      []string `json:"values"`
	Set         []string `json:"set"`
	SetString   []string `json:"set_string"`
	SetJSON     []string `json:"set_json"`
	KubeVersion string   `json:"kube_version"`
	APIVersions []string `json:"api_versions"`
	IsUpgrade   bool     `json:"is_upgrade"`
	IncludeCRDs bool     `json:"include_crds"`
	SkipTests   bool     `json:"skip_tests"`
	NoHooks     bool     `json:"no_hooks"`
}

// Answer is what helm template prints, or the error that it ends with.
type Answer struct {
	Text  string `json:"text"`
	Error string `json:"error"`
}

func answer(line []byte) (result Answer) {
	defer func() {
		if r := recover(); r != nil {
			result = Answer{Error: fmt.Sprintf("panic: %v", r)}
		}
	}()
	var request Request
	if err := json.Unmarshal(line, &request); err != nil {
		return Answer{Error: err.Error()}
	}
	render := render3
	if request.Helm == 4 {
		render = render4
	}
	text, err := render(&request)
	if err != nil {
		return Answer{Error: err.Error()}
	}
	return Answer{Text: text}
}

func main() {
	log.SetOutput(io.Discard)
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	if len(os.Args) > 1 && os.Args[1] == "versions" {
		versions()
		return
	}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			encoder.Encode(answer(line))
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

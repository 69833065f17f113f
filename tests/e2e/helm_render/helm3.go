package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/cli"
	"helm.sh/helm/v3/pkg/cli/values"
	"helm.sh/helm/v3/pkg/getter"
	"helm.sh/helm/v3/pkg/kube/fake"
	"helm.sh/helm/v3/pkg/release"
)

func render3(request *Request) (string, error) {
	options := values.Options{ValueFiles: request.Values, Values: request.Set, StringValues: request.SetString,
		JSONValues: request.SetJSON}
	given, err := options.MergeValues(getter.All(cli.New()))
	if err != nil {
		return "", err
	}
	chart, err := loader.Load(request.Chart)
	if err != nil {
		return "", err
	}
	if kind := chart.Metadata.Type; kind != "" && kind != "application" {
		return "", fmt.Errorf("%s charts are not installable", kind)
	}
	if needed := chart.Metadata.Dependencies; needed != nil {
		if err := action.CheckDependencies(chart, needed); err != nil {
			return "", err
		}
	}
	client := action.NewInstall(&action.Configuration{KubeClient: &fake.PrintingKubeClient{Out: io.Discard},
		Log: func(string, ...interface{}) {}})
	if request.KubeVersion != "" {
		if client.KubeVersion, err = chartutil.ParseKubeVersion(request.KubeVersion); err != nil {
			return "", err
		}
	}
	client.DryRun = true
	client.DryRunOption = "true"
	client.ClientOnly = true
	client.Replace = true
	client.APIVersions = request.APIVersions
	client.ReleaseName = request.Name
	client.Namespace = request.Namespace
	client.IncludeCRDs = request.IncludeCRDs
	client.IsUpgrade = request.IsUpgrade
	done, err := client.Run(chart, given)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	fmt.Fprintln(&text, strings.TrimSpace(done.Manifest))
	for _, hook := range done.Hooks {
		if request.NoHooks || request.SkipTests && slices.Contains(hook.Events, release.HookTest) {
			continue
		}
		fmt.Fprintf(&text, "---\n# Source: %s\n%s\n", hook.Path, hook.Manifest)
	}
	return text.String(), nil
}

func versions() {
	for _, version := range chartutil.DefaultVersionSet {
		fmt.Println(version)
	}
}

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/action"
	"helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/loader"
	"helm.sh/helm/v4/pkg/cli"
	"helm.sh/helm/v4/pkg/cli/values"
	"helm.sh/helm/v4/pkg/getter"
	"helm.sh/helm/v4/pkg/kube/fake"
	release "helm.sh/helm/v4/pkg/release/v1"
)

func render4(request *Request) (string, error) {
	options := values.Options{ValueFiles: request.Values, Values: request.Set, StringValues: request.SetString,
		JSONValues: request.SetJSON}
	given, err := options.MergeValues(getter.All(cli.New()))
	if err != nil {
		return "", err
	}
	loaded, err := loader.Load(request.Chart)
	if err != nil {
		return "", err
	}
	accessor, err := chart.NewAccessor(loaded)
	if err != nil {
		return "", err
	}
	if kind, _ := accessor.MetadataAsMap()["Type"].(string); kind != "" && kind != "application" {
		return "", fmt.Errorf("%s charts are not installable", kind)
	}
	if needed := accessor.MetaDependencies(); len(needed) > 0 {
		if err := action.CheckDependencies(loaded, needed); err != nil {
			return "", err
		}
	}
	client := action.NewInstall(&action.Configuration{KubeClient: &fake.PrintingKubeClient{Out: io.Discard}})
	if request.KubeVersion != "" {
		if client.KubeVersion, err = common.ParseKubeVersion(request.KubeVersion); err != nil {
			return "", err
		}
	}
	client.DryRunStrategy = action.DryRunClient
	client.Replace = true
	client.APIVersions = request.APIVersions
	client.ReleaseName = request.Name
	client.Namespace = request.Namespace
	client.IncludeCRDs = request.IncludeCRDs
	client.IsUpgrade = request.IsUpgrade
	result, err := client.Run(loaded, given)
	if err != nil {
		return "", err
	}
	done, ok := result.(*release.Release)
	if !ok {
		return "", errors.New("not a release of this kind")
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

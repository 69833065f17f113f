"""valuelint checks the values.yaml files of Helm charts; the program itself is what this package installs."""

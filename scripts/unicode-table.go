//go:build ignore

// Prints src/template/go/unicode_table.h: the classes and case mappings of Go's packages unicode and strconv.
// usage: go run scripts/unicode-table.go > src/template/go/unicode_table.h
package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

func print(line *strings.Builder, item string) {
	if line.Len()+len(item) > 116 {
		fmt.Println("   " + line.String())
		line.Reset()
	}
	line.WriteString(" " + item)
}

func end(line *strings.Builder) {
	if line.Len() > 0 {
		fmt.Println("   " + line.String())
	}
	fmt.Print("};\n\n")
}

// A range with a stride of 2 stands for the letters of alternating case.
func printClass(name string, has func(rune) bool) {
	var line strings.Builder
	fmt.Printf("static const struct range %s[] = {\n", name)
	for r := rune(0); r <= unicode.MaxRune; {
		if !has(r) {
			r++
			continue
		}
		last, stride := r, rune(1)
		if !has(r+1) && has(r+2) {
			stride = 2
		}
		for has(last+stride) && (stride == 1 || !has(last+1)) {
			last += stride
		}
		print(&line, fmt.Sprintf("{0x%X, 0x%X, %d},", r, last, stride))
		r = last + 1
	}
	end(&line)
}

func main() {
	fmt.Printf("/* Printed by scripts/unicode-table.go from Unicode %s as Go has it (Unicode License v3); do not edit. */\n", unicode.Version)
	fmt.Println("/* clang-format off */")
	printClass("PRINT", strconv.IsPrint)
	printClass("LETTER", unicode.IsLetter)
	printClass("NUMBER", unicode.IsNumber)
	printClass("DIGIT", unicode.IsDigit)
	printClass("PUNCT", unicode.IsPunct)
	printClass("UPPER", unicode.IsUpper)
	printClass("LOWER", unicode.IsLower)
	printClass("TITLE", unicode.IsTitle)
	var line strings.Builder
	fmt.Println("/* What is added to make an upper, a lower and a title case letter; ALTERNATES: pairs of upper and lower. */")
	fmt.Println("static const struct case_range CASES[] = {")
	for _, c := range unicode.CaseRanges {
		delta := [3]string{}
		for i, d := range c.Delta {
			delta[i] = fmt.Sprint(d)
			if d > unicode.MaxRune {
				delta[i] = "ALTERNATES"
			}
		}
		print(&line, fmt.Sprintf("{0x%X, 0x%X, {%s}},", c.Lo, c.Hi, strings.Join(delta[:], ", ")))
	}
	end(&line)
	fmt.Println("/* clang-format on */")
}

// Prints src/template/syntax/letters.h: the characters that Go takes as letters and digits of names in templates.
// usage: go run scripts/letter-table.go > src/template/syntax/letters.h
package main

import (
	"fmt"
	"strings"
	"unicode"
)

func main() {
	fmt.Printf("/* Printed by scripts/letter-table.go from Unicode %s (categories L and Nd; Unicode licence); do not edit.\n", unicode.Version)
	fmt.Println(" * Included by lexer.c only. Ranges beyond ASCII, sorted. */")
	fmt.Println("/* clang-format off */")
	fmt.Println("static const struct { uint32_t first, last; } LETTERS[] = {")
	line := "   "
	for c := rune(0x80); c <= unicode.MaxRune; c++ {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			continue
		}
		first := c
		for unicode.IsLetter(c+1) || unicode.IsDigit(c+1) {
			c++
		}
		item := fmt.Sprintf(" {0x%X, 0x%X},", first, c)
		if len(line)+len(item) > 120 {
			fmt.Println(line)
			line = "   "
		}
		line += item
	}
	if strings.TrimSpace(line) != "" {
		fmt.Println(line)
	}
	fmt.Println("};")
	fmt.Println("/* clang-format on */")
}

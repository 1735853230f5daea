#!/usr/bin/env bash
# github.com/Rhymond/go-money v1.0.15 makes 28 cents of 0.29 euros, and 19.98 of 19.99.
#
# NewFromFloat() takes an amount as a float64 and is documented to round trailing decimals down. 0.29 EUR has none to
# round: the float64 nearest to 0.29 is the one that prints as 0.29, so one expects 29 cents. It multiplies by 100 and
# cuts off what is behind the point, and 0.29 times 100 is 28.999999999999996 in floating point. Of the amounts from
# 0.00 to 99.99 euros 573 of 10000 lose a cent. JSON numbers arrive as float64 in Go, prices too.
#
# For a checkout that a Go program calls: hand out prices as text or in cents. For the program: money.New() with cents.
#
# Seen on Go 1.26. Needs go and a Go module proxy. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/main.go" <<'GO'
package main

import (
	"fmt"
	"strconv"

	"github.com/Rhymond/go-money"
)

func main() {
	for _, price := range []float64{0.29, 1.15, 19.99, 19.98} {
		fmt.Println(price, "EUR:", money.NewFromFloat(price, "EUR").Amount(), "cents")
	}
	lost := 0
	for cents := int64(0); cents < 10000; cents++ {
		price, err := strconv.ParseFloat(fmt.Sprintf("%d.%02d", cents/100, cents%100), 64)
		if err != nil {
			panic(err)
		}
		if money.NewFromFloat(price, "EUR").Amount() == cents-1 {
			lost++
		}
	}
	fmt.Println("a cent less:", lost, "of 10000")
}
GO
cd "$folder"
go mod init example.com/check 2>/dev/null
go get github.com/Rhymond/go-money@v1.0.15 2>/dev/null
seen=$(GOFLAGS=-mod=mod go run .)
printf '%s\n' "$seen"
[[ $seen == '0.29 EUR: 28 cents
1.15 EUR: 114 cents
19.99 EUR: 1998 cents
19.98 EUR: 1998 cents
a cent less: 573 of 10000' ]] || {
  echo "it has changed"
  exit 1
}

#!/usr/bin/env bash
# github.com/IBM/sarama v1.61.1: the "reference hash" partitioner does not pick the Java client's partition.
#
# NewReferenceHashPartitioner is documented as treating absolute values as the reference Java implementation does, so
# one expects it to put a key where the Java client would. It only takes the sign from there: the hash stays FNV-1a, as
# in sarama's default, where the Java client hashes with murmur2. The one that agrees with the Java client is called
# NewMurmur2Partitioner; github.com/twmb/franz-go v1.22.3 agrees by default.
#
# For a checkout whose events a Go program writes next to others: set Producer.Partitioner to NewMurmur2Partitioner.
#
# Here with eight keys and four partitions. What the Java client picks was seen with kafka-clients 4.1.1. Seen on Go
# 1.26. Needs go and a Go module proxy. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/main.go" <<'GO'
package main

import (
	"fmt"

	"github.com/IBM/sarama"
	"github.com/twmb/franz-go/pkg/kgo"
)

func sent(partitioner sarama.Partitioner) (places []int32) {
	for number := range 8 {
		key := sarama.StringEncoder(fmt.Sprintf("order-%d", number))
		place, err := partitioner.Partition(&sarama.ProducerMessage{Topic: "orders", Key: key}, 4)
		if err != nil {
			panic(err)
		}
		places = append(places, place)
	}
	return places
}

func main() {
	fmt.Println("sarama:", sent(sarama.NewConfig().Producer.Partitioner("orders")))
	fmt.Println("sarama, reference hash:", sent(sarama.NewReferenceHashPartitioner("orders")))
	fmt.Println("sarama, murmur2:", sent(sarama.NewMurmur2Partitioner("orders")))
	franz := kgo.StickyKeyPartitioner(nil).ForTopic("orders")
	var places []int
	for number := range 8 {
		places = append(places, franz.Partition(&kgo.Record{Key: fmt.Appendf(nil, "order-%d", number)}, 4))
	}
	fmt.Println("franz-go:", places)
}
GO
cd "$folder"
go mod init example.com/check 2>/dev/null
go get github.com/IBM/sarama@v1.61.1 github.com/twmb/franz-go@v1.22.3 2>/dev/null
seen=$(GOFLAGS=-mod=mod go run .)
printf '%s\n' "$seen"
[[ $seen == 'sarama: [2 1 0 3 2 1 0 3]
sarama, reference hash: [2 1 0 3 2 1 0 3]
sarama, murmur2: [0 2 3 3 2 2 1 1]
franz-go: [0 2 3 3 2 2 1 1]' ]] || {
  echo "it has changed"
  exit 1
}

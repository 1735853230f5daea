#!/usr/bin/env bash
# github.com/segmentio/kafka-go v0.4.51 sends messages with one key to every partition in turn.
#
# A Kafka message's key picks its partition, and only within a partition is there an order: hence one expects the events
# of one order, all with its id as their key, to stay in order. kafka-go's Writer takes no notice of the key unless its
# Balancer is set; by default it goes round the partitions. With Balancer set to Murmur2Balancer they stay together, in
# the partition of the Java client.
#
# For a checkout whose events a Go program passes on: set Writer.Balancer to &kafka.Murmur2Balancer{}.
#
# The Writer's transport is replaced by one that answers for a broker with four partitions. Seen on Go 1.26. Needs go
# and a Go module proxy. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/main.go" <<'GO'
package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol/metadata"
	"github.com/segmentio/kafka-go/protocol/produce"
)

type broker struct{ asked []int32 }

func (b *broker) RoundTrip(_ context.Context, _ net.Addr, request kafka.Request) (kafka.Response, error) {
	switch request := request.(type) {
	case *metadata.Request:
		topic := metadata.ResponseTopic{Name: "orders"}
		for index := range int32(4) {
			topic.Partitions = append(topic.Partitions, metadata.ResponsePartition{PartitionIndex: index})
		}
		return &metadata.Response{Topics: []metadata.ResponseTopic{topic}}, nil
	case *produce.Request:
		partition := request.Topics[0].Partitions[0].Partition
		b.asked = append(b.asked, partition)
		return &produce.Response{Topics: []produce.ResponseTopic{{
			Topic: "orders", Partitions: []produce.ResponsePartition{{Partition: partition}},
		}}}, nil
	}
	return nil, fmt.Errorf("no answer for %T", request)
}

func sent(balancer kafka.Balancer) []int32 {
	seen := &broker{}
	writer := &kafka.Writer{
		Addr: kafka.TCP("broker.example:9092"), Topic: "orders", Balancer: balancer, Transport: seen,
		BatchTimeout: time.Millisecond, RequiredAcks: kafka.RequireAll,
	}
	for _, event := range []string{"created", "pending", "paid", "refunded"} {
		message := kafka.Message{Key: []byte("order-7"), Value: []byte(event)}
		if err := writer.WriteMessages(context.Background(), message); err != nil {
			panic(err)
		}
	}
	if err := writer.Close(); err != nil {
		panic(err)
	}
	return seen.asked
}

func main() {
	fmt.Println("default:", sent(nil))
	fmt.Println("Murmur2Balancer:", sent(&kafka.Murmur2Balancer{}))
}
GO
cd "$folder"
go mod init example.com/check 2>/dev/null
go get github.com/segmentio/kafka-go@v0.4.51 2>/dev/null
seen=$(GOFLAGS=-mod=mod go run .)
printf '%s\n' "$seen"
[[ $seen == 'default: [0 1 2 3]
Murmur2Balancer: [1 1 1 1]' ]] || {
  echo "it has changed"
  exit 1
}

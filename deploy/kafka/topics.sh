#!/bin/sh
# Makes the topics of a ledger, for an operator who lets no program make any.
#
#   deploy/kafka/topics.sh BROKERS TOPIC [CLIENT-PROPERTIES]
#
# Needs kafka-topics (or kafka-topics.sh) on the PATH; KAFKA_TOPICS names another one. The ledger checks these settings at
# every start and says what is wrong (docs/operating/kafka.md). A third topic, TOPIC.public, carries the public feed.
set -eu

[ $# -ge 2 ] || { sed -n '4s/^# *//p' "$0" >&2; exit 2; }
brokers=$1 topic=$2 client=${3:-}
tool=${KAFKA_TOPICS:-$(command -v kafka-topics || command -v kafka-topics.sh || true)}
[ -n "$tool" ] || { echo "kafka-topics is not on the PATH" >&2; exit 1; }
replicas=${REPLICAS:-3} in_sync=${IN_SYNC:-2}

make() { # TOPIC SETTING…
    name=$1
    shift
    settings=""
    for setting in "$@" min.insync.replicas="$in_sync" unclean.leader.election.enable=false cleanup.policy=delete; do
        settings="$settings --config $setting"
    done
    # shellcheck disable=SC2086 # both are lists of words
    "$tool" --bootstrap-server "$brokers" ${client:+--command-config "$client"} --create --if-not-exists \
        --topic "$name" --partitions 1 --replication-factor "$replicas" $settings
}

make "$topic" retention.ms=-1 retention.bytes=-1 max.message.bytes=925696 message.timestamp.type=LogAppendTime
make "$topic.pulse" retention.ms=86400000 message.timestamp.type=LogAppendTime
make "$topic.public" retention.ms=-1 retention.bytes=-1

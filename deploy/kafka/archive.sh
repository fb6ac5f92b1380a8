#!/bin/sh
# Run while the image of Kafka is built: starts a node as in its container (deploy/containers/kafka.sh)
# and writes down the classes that it loads, in /opt/kafka/node.jsa. Nothing else stays of it.
set -eu
data=/var/lib/kafka/data
mkdir /run/secrets /dondoc
for secret in kafka_admin kafka_controller; do echo unused >"/run/secrets/$secret"; done
cp /deploy/kafka/*.properties /deploy/containers/kafka.sh /dondoc
chown kafka /opt/kafka
log=/tmp/archive.log
KAFKA_CLASSES=-XX:ArchiveClassesAtExit=/opt/kafka/node.jsa \
    setpriv --reuid kafka --clear-groups env KAFKA_ADVERTISED=127.0.0.1:9094 KAFKA_BIND=127.0.0.1 \
    sh /dondoc/kafka.sh >$log 2>&1 &
node=$!
tries=0
until bash -c 'exec 3<>/dev/tcp/127.0.0.1/9092' 2>/dev/null; do
    tries=$((tries + 1))
    if [ $tries -gt 600 ] || ! kill -0 $node 2>/dev/null; then
        cat $log >&2
        exit 1
    fi
    sleep 0.2
done
kill $node
wait $node || true # ended by a signal
chown root:root /opt/kafka /opt/kafka/node.jsa
chmod 444 /opt/kafka/node.jsa
find $data /tmp /run/secrets /dondoc -mindepth 1 -delete
rmdir /run/secrets /dondoc

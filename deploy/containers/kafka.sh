#!/bin/sh
# One KRaft node in its container: SASL on every listener, nothing allowed that no right allows.
# What it needs: secrets kafka_admin and kafka_controller; KAFKA_ADVERTISED (host:port for those
# outside) and KAFKA_BIND (where its port is published: beyond 127.0.0.1 it speaks TLS only, with the
# secret kafka_tls: key and certificates in PEM).
set -eu
umask 077

fail() {
    echo "kafka: $1" >&2
    exit 2
}

# `make rotate` puts a mechanism before a password, and a second line that only the jobs need
secret() {
    [ -r "/run/secrets/$1" ] || fail "the secret $1 cannot be read: run make secrets"
    value=$(head -n 1 "/run/secrets/$1" | tr -d '\r')
    [ -n "$value" ] || fail "the secret $1 is empty: run make secrets"
    case ${value#SCRAM-SHA-??? } in
    *[!A-Za-z0-9_-]*) fail "the secret $1 may hold A-Z a-z 0-9 _ - only" ;;
    esac
    printf %s "$value"
}

admin=$(secret kafka_admin)
mechanism=SCRAM-SHA-512
case $admin in
*" "*) mechanism=${admin% *} admin=${admin#* } ;;
esac
controller=$(secret kafka_controller)
data=/var/lib/kafka/data
settings=/tmp/server.properties
scram=org.apache.kafka.common.security.scram.ScramLoginModule
plain=org.apache.kafka.common.security.plain.PlainLoginModule

case $KAFKA_BIND in
127.0.0.1 | ::1) outside=SASL_PLAINTEXT ;;
*) outside=SASL_SSL ;;
esac

cp /dondoc/node.properties "$settings"
cat >>"$settings" <<PROPERTIES
controller.quorum.bootstrap.servers=localhost:9093
listeners=INTERNAL://:9092,EXTERNAL://:9094,CONTROLLER://localhost:9093
advertised.listeners=INTERNAL://kafka:9092,EXTERNAL://$KAFKA_ADVERTISED
listener.security.protocol.map=INTERNAL:SASL_PLAINTEXT,EXTERNAL:$outside,CONTROLLER:SASL_PLAINTEXT
inter.broker.listener.name=INTERNAL
sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256
sasl.mechanism.inter.broker.protocol=$mechanism
sasl.mechanism.controller.protocol=PLAIN
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=$plain required username="controller" password="$controller" user_controller="$controller";
listener.name.internal.scram-sha-512.sasl.jaas.config=$scram required username="admin" password="$admin";
listener.name.internal.scram-sha-256.sasl.jaas.config=$scram required username="admin" password="$admin";
listener.name.external.scram-sha-512.sasl.jaas.config=$scram required;
listener.name.external.scram-sha-256.sasl.jaas.config=$scram required;
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:admin;User:controller
log.dirs=$data
PROPERTIES

if [ $outside = SASL_SSL ]; then
    [ -s /run/secrets/kafka_tls ] || fail "published on $KAFKA_BIND, beyond this machine, it speaks TLS only: put its key and certificates (PEM) into secrets/kafka_tls"
    cp /run/secrets/kafka_tls /tmp/kafka_tls.pem # Kafka wants the ending
    cat >>"$settings" <<PROPERTIES
listener.name.external.ssl.keystore.type=PEM
listener.name.external.ssl.keystore.location=/tmp/kafka_tls.pem
PROPERTIES
fi

export CLASSPATH='/opt/kafka/libs/*'
# classes read from an archive and compiled once: a start takes a third of the work, and on busy
# processors that is how long a broker stays away after a crash
archive=/opt/kafka/node.jsa
share=
if [ -r $archive ]; then share=-XX:SharedArchiveFile=$archive; fi
# not JDK_JAVA_OPTIONS, of which java says a line of its own in the log
options="${KAFKA_CLASSES:-$share} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlog4j2.configurationFile=/dondoc/log4j2.properties,/dondoc/json.properties"

if [ ! -e "$data/meta.properties" ]; then
    name=a$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 2-22)
    # it prints the salted keys of the users it adds
    java $options -Xmx256m kafka.tools.StorageTool format -t "$name" -c "$settings" --standalone \
        --add-scram "$mechanism=[name=admin,password=$admin]" >/dev/null \
        || fail "the storage in its volume could not be formatted"
fi
exec java $options -Xms256m -Xmx"${KAFKA_HEAP:-512m}" -Djava.net.preferIPv4Stack=true kafka.Kafka "$settings"

"""What a service tells Prometheus. Names, labels and meanings are documented for operators."""

from prometheus_client import Counter, Gauge, Histogram

EVENTS_CONSUMED = Counter("dondoc_events_consumed", "Events handled.", ["type"])
EVENTS_SKIPPED = Counter(
    "dondoc_events_skipped", "Records of types nobody here handles.", ["topic"]
)
EVENTS_PUBLISHED = Counter("dondoc_events_published", "Events acknowledged by Kafka.", ["type"])
EVENTS_SET_ASIDE = Counter(
    "dondoc_events_set_aside",
    "Events dead, early (tried again by themselves), or parked behind one of these.",
    ["type", "state"],
)
READY = Gauge("dondoc_ready", "1 if /health/ready says ready, else 0.")
DATABASE_BYTES = Gauge("dondoc_database_bytes", "Size of the service's database on disk.")
OUTBOX_BACKLOG = Gauge("dondoc_outbox_backlog", "Outbox ids that Kafka has not acknowledged.")
OUTBOX_AGE = Gauge("dondoc_outbox_age_seconds", "Age of the oldest of them.")
CONSUMER_LAG = Gauge("dondoc_consumer_lag", "Records not read yet.", ["topic"])
DELETED_UNREAD = Counter(
    "dondoc_records_deleted_unread",
    "Records that retention deleted before they were read.",
    ["topic"],
)
SWEEP_AGE = Gauge("dondoc_sweep_age_seconds", "Since this job last found nothing to do.", ["job"])
DEAD_LETTERS = Gauge("dondoc_dead_letters", "Events set aside and not settled.", ["state"])
HTTP_SECONDS = Histogram(
    "dondoc_http_seconds",
    "HTTP requests by route.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

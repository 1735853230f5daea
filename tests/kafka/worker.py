"""A stock Celery worker, which reads by kombu's transport for Kafka: celery --app worker worker. It prints what it is given."""
import json, os

from celery import Celery

app = Celery(broker=f"confluentkafka://{os.environ['BOOTSTRAP']}")
# What this transport cannot do: it has no broadcast.
app.conf.worker_enable_remote_control = False
# What is printed is for the test, not for the log.
app.conf.worker_redirect_stdouts = False


@app.task(name="lightning-create", ignore_result=True)
def created(data):
    print("lightning-create", json.dumps(data), flush=True)

"""What starts functions: rules, subscriptions, and schedules, which fire when the test says so. Nothing is retried."""

import copy
import json
import re
import threading
from datetime import datetime, timezone

import requests
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.events import models as events
from moto.scheduler.models import scheduler_backends
from moto.sns import models as sns
from moto.sns.models import sns_backends
from moto.utilities.arns import parse_arn

from .functions import function_of, run

ACCOUNT = "123456789012"


def start(arn, event, service, source_arn):
    """Starts a function in the background, if its policy lets this source."""
    function = function_of(arn)
    if service and not _lets_in(function, service, source_arn):
        raise PermissionError(f"{function.function_name} does not let {source_arn} in")
    threading.Thread(target=run, args=(function, event), daemon=True).start()


def _lets_in(function, service, source_arn):
    return any(
        statement["Principal"].get("Service") == service
        and statement["Action"] == "lambda:InvokeFunction"
        and re.fullmatch(
            re.escape(statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "")).replace(r"\*", ".*"),
            source_arn,
        )
        for statement in function.policy.statements
    )


send_to_targets = events.Rule.send_to_targets


def send_to_every_target(self, event, transform_input=True):
    """Functions and topics are ours; queues, logs and buses are left to moto."""
    if not self.event_pattern.matches_event(event):
        return
    others = []
    for target in self.targets:
        service = parse_arn(target["Arn"]).service
        if service == "lambda":
            start(target["Arn"], _as_sent(event), "events.amazonaws.com", self.arn)
        elif service == "sns":
            _publish(target, event)
        else:
            others.append(target)
    rest = copy.copy(self)
    rest.targets = others
    send_to_targets(rest, event, transform_input)


def _as_sent(event):
    sent = {key: value for key, value in event.items() if key != "ingestion-time"}
    sent["time"] = datetime.fromtimestamp(float(event["time"]), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return sent


def _publish(target, event):
    transformer = target["InputTransformer"]
    text = events.EventTemplateParser.parse(transformer["InputTemplate"], transformer["InputPathsMap"], event)
    sns_backends[ACCOUNT][parse_arn(target["Arn"]).region].publish(json.dumps(text), arn=target["Arn"])


events.Rule.send_to_targets = send_to_every_target


def tick(region, scheduled):
    """Fires every schedule of a region once, for the given time; returns their names."""
    schedules = [
        schedule
        for group in scheduler_backends[ACCOUNT][region].schedule_groups.values()
        for schedule in group.schedules.values()
        if schedule.state == "ENABLED"
    ]
    for schedule in schedules:
        event = schedule.target["Input"].replace("<aws.scheduler.scheduled-time>", scheduled)
        _fire(schedule.target["Arn"], event, region)
    return [schedule.name for schedule in schedules]


def _fire(arn, event, region):
    if parse_arn(arn).service == "lambda":
        return start(arn, json.loads(event), None, None)
    # A queue that delays: its message is handed over at once, as a test cannot wait.
    [mapping] = [each for each in lambda_backends[ACCOUNT][region].list_event_source_mappings(arn, None)]
    return start(mapping.function_arn, {"Records": [{"body": event, "eventSource": "aws:sqs"}]}, None, None)


class Poster:
    """SNS posts with its own headers, and a subscriber that is down never fails a publish; in moto it does."""

    def __getattr__(self, name):
        return getattr(requests, name)

    @staticmethod
    def post(url, json, headers):
        headers = {**headers, "x-amz-sns-message-type": "Notification", "x-amz-sns-message-id": json["MessageId"]}
        try:
            requests.post(url, json=json, headers=headers, timeout=5)
        except requests.RequestException as error:
            print(f"SNS could not post to {url}: {error}")


sns.requests = Poster()


def send_in_background(self, function_name, message, **_):
    event = {"Records": [{"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": message}}]}
    threading.Thread(target=run, args=(self.get_function(function_name), event), daemon=True).start()


LambdaBackend.send_sns_message = send_in_background

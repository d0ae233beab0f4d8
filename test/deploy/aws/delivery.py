"""
What starts functions and tells people: rules, subscriptions, alarms, and schedules, which fire when the test says so.
Each is let do only what its role or the target's own policy allows; what is refused goes to the dead letters, at once,
as nothing is retried.
"""

import functools
import json
import operator
import threading
import time
from datetime import datetime, timezone

import requests
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.cloudwatch.models import CloudWatchBackend
from moto.events import models as events
from moto.scheduler.models import scheduler_backends
from moto.sns import models as sns
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from .functions import clock, function_of, run
from .policies import ACCOUNT, let_in, permitted, role_may

CLOUDWATCH, EVENTS, SCHEDULER, SNS = (f"{name}.amazonaws.com" for name in ("cloudwatch", "events", "scheduler", "sns"))


def deliver(service, source, target, message):
    """Hands a message to a target if the service may, or else to the target's dead letters if it may do that."""
    if permitted(service, source, target):
        return HAND_OVER[parse_arn(target["Arn"]).service](target["Arn"], message)
    dead_letters = target.get("DeadLetterConfig")
    if dead_letters and permitted(service, source, _reached(service, target, dead_letters)):
        _send(dead_letters["Arn"], message)


def _reached(service, target, dead_letters):
    """The scheduler writes dead letters under the role of its target; the bus as itself, so the queue must let it."""
    return {**dead_letters, "RoleArn": target["RoleArn"]} if service == SCHEDULER else dead_letters


def _start(arn, event):
    threading.Thread(target=run, args=(function_of(arn), event), daemon=True).start()


def _send(arn, message):
    """Starts the function that reads this queue, without the queue's delay, for which a test cannot wait."""
    parsed, body = parse_arn(arn), message if isinstance(message, str) else json.dumps(message)
    for mapping in lambda_backends[ACCOUNT][parsed.region].list_event_source_mappings(arn, None):
        return _start_by_queue(mapping, arn, body)
    return sqs_backends[ACCOUNT][parsed.region].send_message(parsed.resource_id, body)


def _start_by_queue(mapping, arn, body):
    for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
        if not role_may(function_of(mapping.function_arn).role, "lambda.amazonaws.com", action, arn, arn):
            raise PermissionError(f"{mapping.function_arn} may not {action}")
    sent = str(round(time.time() * 1000) + int(clock["ahead"]))
    record = {"body": body, "eventSource": "aws:sqs", "attributes": {"SentTimestamp": sent}}
    _start(mapping.function_arn, {"Records": [record]})


def _publish(arn, message):
    text, subject = message if isinstance(message, tuple) else (message, None)
    text = text if isinstance(text, str) else json.dumps(text)
    sns_backends[ACCOUNT][parse_arn(arn).region].publish(text, arn=arn, subject=subject)


def _put(arn, event):
    """On another bus an event keeps its region, time and resources."""
    parsed = parse_arn(arn)
    bus = events.events_backends[ACCOUNT][parsed.region].describe_event_bus(parsed.resource_id)
    for rule in list(bus.rules.values()):
        rule.send_to_targets(event)


HAND_OVER = {"events": _put, "lambda": _start, "sns": _publish, "sqs": _send}


def send_to_targets(self, event, transform_input=True):
    if self.state != "ENABLED" or not self.event_pattern.matches_event(event):
        return
    for target in self.targets:
        deliver(EVENTS, self.arn, target, _transformed(target, _as_sent(event)))


def _transformed(target, event):
    """Text, where the rule makes text of the event; its lines keep their quotation marks, as AWS leaves them."""
    transformer = target.get("InputTransformer")
    if transformer is None:
        return event
    text = transformer["InputTemplate"]
    for name, path in transformer["InputPathsMap"].items():
        text = text.replace(f"<{name}>", functools.reduce(operator.getitem, path.split(".")[1:], event))
    return text


def _as_sent(event):
    sent = {key: value for key, value in event.items() if key != "ingestion-time"}
    if not isinstance(sent["time"], str):
        sent["time"] = _written(datetime.fromtimestamp(float(sent["time"]), timezone.utc))
    return sent


def _written(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


events.Rule.send_to_targets = send_to_targets


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
        deliver(SCHEDULER, schedule.arn, schedule.target, json.loads(event))
    return [schedule.name for schedule in schedules]


set_alarm_state = CloudWatchBackend.set_alarm_state


def set_and_tell(self, alarm_name, reason, reason_data, state_value):
    """A change of an alarm is told to its actions, and to the default bus of its region."""
    alarm = self.alarms.get(alarm_name)
    was = alarm.state_value if alarm else None
    set_alarm_state(self, alarm_name, reason, reason_data, state_value)
    if was == state_value:
        return
    for action in {"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions}.get(state_value, []):
        deliver(CLOUDWATCH, alarm.alarm_arn, {"Arn": action}, _alarm_message(alarm))
    _put(f"arn:aws:events:{self.region_name}:{ACCOUNT}:event-bus/default", _alarm_event(alarm, was, self.region_name))


def _alarm_message(alarm):
    told = {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
    }
    return json.dumps(told), f'{alarm.state_value}: "{alarm.name}"'


def _alarm_event(alarm, was, region):
    now = _written(datetime.now(timezone.utc))
    return {
        "version": "0",
        "id": alarm.name,
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": now,
        "region": region,
        "resources": [alarm.alarm_arn],
        "detail": {
            "alarmName": alarm.name,
            "configuration": {"description": alarm.description},
            "previousState": {"value": was},
            "state": {"value": alarm.state_value, "reason": alarm.state_reason, "timestamp": now},
        },
    }


CloudWatchBackend.set_alarm_state = set_and_tell


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
publish_to_subscriber = sns.Subscription.publish

# What people got by mail, text message and telephone: moto sends none.
told = []


def note_if_person(subscription, message, subject=None, message_attributes=None, message_structure=None, **_):
    matcher = subscription._filter_policy_matcher
    if subscription.protocol not in ("email", "sms"):
        return
    if matcher is not None and not matcher.matches(message_attributes, message):
        return
    text = subscription._parse_message_structure(message, subscription.protocol) if message_structure else message
    told.append({"protocol": subscription.protocol, "endpoint": subscription.endpoint, "subject": subject, "text": text})


def publish_if_let_in(self, message, message_id, **more):
    """Functions and queues let SNS in by their own policies; people and HTTP endpoints have none."""
    note_if_person(self, message, **more)
    if self.protocol not in ("lambda", "sqs") or permitted(SNS, self.topic_arn, {"Arn": self.endpoint}):
        return publish_to_subscriber(self, message, message_id, **more)
    redrive = self.attributes.get("RedrivePolicy")
    if redrive and let_in(json.loads(redrive)["deadLetterTargetArn"], SNS, self.topic_arn):
        _send(json.loads(redrive)["deadLetterTargetArn"], message)


sns.Subscription.publish = publish_if_let_in


def send_in_background(self, function_name, message, **_):
    event = {"Records": [{"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": message}}]}
    _start(self.get_function(function_name).function_arn, event)


LambdaBackend.send_sns_message = send_in_background

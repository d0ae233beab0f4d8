"""IAM as AWS has it where this project leans on it: statements by resource and by condition, errors the SDK can read."""

import json
import re
import threading
from contextlib import suppress

from moto.awslambda.responses import LambdaResponse
from moto.core.exceptions import JsonRESTError
from moto.dynamodb.responses import DynamoHandler
from moto.events.responses import EventsHandler
from moto.iam.access_control import (
    AssumedRoleAccessKey,
    IAMPolicyStatement,
    IAMRequest,
    IAMRequestBase,
    PermissionResult,
)
from moto.secretsmanager.models import secretsmanager_backends
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.sns.responses import SNSResponse

from .policies import conditions_hold, matches

request = threading.local()


def body_of(handler):
    return json.loads(handler.raw_body or b"{}")


def arn(handler, service, rest):
    return f"arn:aws:{service}:{handler.region}:{handler.current_account}:{rest}"


def table(handler):
    body = body_of(handler)
    request.conditions = {"dynamodb:LeadingKeys": leading_keys(body)}
    return arn(handler, "dynamodb", f"table/{body['TableName']}") if "TableName" in body else "*"


def leading_keys(body):
    key = body.get("Item") or body.get("Key")
    if key:
        return [key["pk"]["S"]]
    return [body["ExpressionAttributeValues"][":pk"]["S"]] if "KeyConditionExpression" in body else []


def topic(handler):
    return handler._get_param("TopicArn") or "*"


def bus(handler):
    entries = body_of(handler).get("Entries", [])
    if not entries or "EventBusName" not in entries[0]:
        return "*"
    request.conditions = {
        "events:source": [entry["Source"] for entry in entries],
        "events:detail-type": [entry["DetailType"] for entry in entries],
    }
    name = entries[0]["EventBusName"]
    return name if name.startswith("arn:") else arn(handler, "events", f"event-bus/{name}")


def secret(handler):
    name = body_of(handler).get("SecretId", "*")
    with suppress(Exception):
        return secretsmanager_backends[handler.current_account][handler.region].describe_secret(name).arn
    return name


def function(handler):
    found = re.search(r"/functions/([^/]+)", handler.path)
    return arn(handler, "lambda", f"function:{found[1]}") if found else "*"


for handler, resource in (
    (DynamoHandler, table),
    (SNSResponse, topic),
    (EventsHandler, bus),
    (SecretsManagerResponse, secret),
    (LambdaResponse, function),
):
    handler._determine_resource = resource


evaluate = IAMPolicyStatement.is_action_permitted


def evaluate_statement(self, action, resource="*", principal=None, incoming_condition_values=None):
    statement = self._statement
    if "Resource" not in statement or "NotAction" in statement:
        return evaluate(self, action, resource, principal, incoming_condition_values)
    concerned = matches(statement["Action"], action) and matches(statement["Resource"], resource)
    context = {key.lower(): values for key, values in getattr(request, "conditions", {}).items()}
    if not concerned or not conditions_hold(statement.get("Condition", {}), context):
        return PermissionResult.NEUTRAL
    return PermissionResult.PERMITTED if statement["Effect"] == "Allow" else PermissionResult.DENIED


IAMPolicyStatement.is_action_permitted = evaluate_statement

check = IAMRequestBase.check_action_permitted


# Calls under a role, each once, as they reach the service: the test evaluates them with another simulator.
calls = {}


def note(call, resource):
    key = call._access_key
    if not isinstance(key, AssumedRoleAccessKey):
        return
    noted = {
        "role": key._owner_role_name,
        "session": key._session_name,
        "action": call._action,
        "resource": resource,
        "context": getattr(request, "conditions", {}),
    }
    calls[json.dumps(noted, sort_keys=True)] = noted


def check_and_forget(self, resource):
    note(self, resource)
    try:
        check(self, resource)
    finally:
        request.conditions = {}


IAMRequestBase.check_action_permitted = check_and_forget

SPEAK_JSON = {"dynamodb", "events", "secretsmanager"}
deny = IAMRequest._raise_access_denied


def deny_in_json(self):
    if self._service not in SPEAK_JSON:
        return deny(self)
    message = f"User: {self._access_key.arn} is not authorized to perform: {self._action}"
    raise JsonRESTError("AccessDeniedException", message)


IAMRequest._raise_access_denied = deny_in_json

# Under threads moto loses an update of a table now and then.
one_at_a_time = threading.RLock()
call_action = DynamoHandler.call_action


def call_alone(self):
    with one_at_a_time:
        return call_action(self)


DynamoHandler.call_action = call_alone

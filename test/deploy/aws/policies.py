"""Policies as IAM reads them. Of what is not known here nothing is let through: it is an error."""

import fnmatch
import json

from moto.awslambda.models import lambda_backends
from moto.iam.models import iam_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

ACCOUNT = "123456789012"

# What services were not let do; they tell nobody, so the test asks.
refusals = []


def matches(patterns, value):
    patterns = [patterns] if isinstance(patterns, str) else patterns
    return any(fnmatch.fnmatchcase(value, pattern.replace("[", "[[]")) for pattern in patterns)


OPERATORS = {
    "StringEquals": lambda value, expected: value in expected,
    "StringLike": lambda value, expected: matches(expected, value),
    "ArnEquals": lambda value, expected: matches(expected, value),
    "ArnLike": lambda value, expected: matches(expected, value),
    "Bool": lambda value, expected: value in [str(each).lower() for each in expected],
}


def conditions_hold(conditions, context):
    """`context` has a list of values for each key, in small letters."""
    return all(
        _holds(operator, context.get(key.lower(), []), expected if isinstance(expected, list) else [expected])
        for operator, clauses in conditions.items()
        for key, expected in clauses.items()
    )


def _holds(operator, values, expected):
    if operator == "Null":
        return (not values) == (str(expected[0]).lower() == "true")
    quantifier, _, plain = operator.rpartition(":")
    if plain not in OPERATORS or quantifier not in ("", "ForAllValues"):
        raise NotImplementedError(f"condition {operator}")
    return (bool(values) or quantifier != "") and all(OPERATORS[plain](value, expected) for value in values)


def allows(documents, action, resource, context, principal=None):
    """Whether one statement allows it, and none denies it; without a principal these are the policies of a role."""
    effects = {
        statement["Effect"]
        for document in documents
        for statement in document["Statement"]
        if _concerns(statement, action, resource, context, principal)
    }
    return effects == {"Allow"}


def _concerns(statement, action, resource, context, principal):
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    return (
        matches([each.lower() for each in actions], action.lower())
        and matches(statement.get("Resource", "*"), resource)  # a trust policy has none
        and (principal is None or _names(statement["Principal"], principal))
        and conditions_hold(statement.get("Condition", {}), context)
    )


def _names(principals, service):
    if principals in ("*", {"AWS": "*"}):
        return True
    named = principals.get("Service", [])
    return service in ([named] if isinstance(named, str) else named)


# By the service of what is acted on.
ACTIONS = {
    "events": "events:PutEvents",
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
}


def _of_topic(arn):
    topic = sns_backends[ACCOUNT][parse_arn(arn).region].get_topic(arn)
    # The key that AWS keeps for SNS is for callers of this account: its policy names no service, nor can it be made to.
    return [] if topic.kms_master_key_id.endswith("alias/aws/sns") else [json.loads(topic.policy)]


def _of_queue(arn):
    parsed = parse_arn(arn)
    policy = sqs_backends[ACCOUNT][parsed.region].get_queue(parsed.resource_id).policy
    return [policy if isinstance(policy, dict) else json.loads(policy)] if policy else []


def _of_function(arn):
    parsed = parse_arn(arn)
    function = lambda_backends[ACCOUNT][parsed.region].get_function(parsed.resource_id)
    return [{"Statement": function.policy.statements}]


OWN_POLICIES = {"lambda": _of_function, "sns": _of_topic, "sqs": _of_queue}


def context_of(source):
    """What AWS tells of a call that a service makes for one of this account's resources."""
    return {
        "aws:sourcearn": [source],
        "aws:sourceaccount": [ACCOUNT],
        "aws:sourceowner": [ACCOUNT],
        "aws:securetransport": ["true"],
    }


def role_may(role_arn, service, action, resource, source):
    """Whether a service may take on this role for its resource `source`, and then do it."""
    iam = iam_backends[ACCOUNT]["aws"]
    role = iam.get_role_by_arn(role_arn)
    trust = json.loads(role.assume_role_policy_document)
    inline = [iam.get_role_policy(role.name, name)[1] for name in iam.list_role_policies(role.name)]
    documents = [document if isinstance(document, dict) else json.loads(document) for document in inline]
    return allows([trust], "sts:AssumeRole", role_arn, context_of(source), service) and allows(
        documents, action, resource, context_of(source)
    )


def let_in(arn, service, source):
    """Whether a function, topic or queue lets this service in for its resource `source`, by its own policy."""
    kind = parse_arn(arn).service
    return allows(OWN_POLICIES[kind](arn), ACTIONS[kind], arn, context_of(source), service)


def permitted(service, source, target):
    """Whether a service may hand something to a target: under the role that the target names, or by its policy."""
    arn = target["Arn"]
    action = ACTIONS[parse_arn(arn).service]
    role = target.get("RoleArn")
    if role_may(role, service, action, arn, source) if role else let_in(arn, service, source):
        return True
    refusals.append({"service": service, "source": source, "action": action, "resource": arn})
    return False

"""CloudFormation resource types that moto's stacks skip in silence, and the refusal of any other unknown type."""

import json
import traceback
from contextlib import suppress

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException, ValidationError
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.dynamodb.models import dynamodb_backends
from moto.events.models import EventBus
from moto.s3.exceptions import MissingBucket
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends


class Resource(CloudFormationModel):
    """One resource: `make` creates it and returns its physical id, its attributes, and what deletes it."""

    TYPE = ""
    NAME = ""

    def __init__(self, physical_id, attributes, delete):
        self.physical_resource_id = physical_id
        self.attributes = attributes
        self.undo = delete

    @classmethod
    def cloudformation_type(cls):
        return cls.TYPE

    @classmethod
    def cloudformation_name_type(cls):
        return cls.NAME

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, name):
        if name not in self.attributes:
            raise UnformattedGetAttTemplateException()
        return self.attributes[name]

    def is_created(self):
        return True

    @classmethod
    def create_from_cloudformation_json(cls, name, template, account, region, **_):
        return cls(*cls.make(name, template.get("Properties", {}), account, region))

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        original_resource.delete(account_id, region_name)
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)

    def delete(self, *_):
        """moto deletes in no order: what belongs to something that is gone already went with it."""
        with suppress(MissingBucket, UnknownFunctionException):
            self.undo()


class Table(Resource):
    TYPE, NAME = "AWS::DynamoDB::GlobalTable", "TableName"

    @classmethod
    def make(cls, name, properties, account, region):
        backend = dynamodb_backends[account][region]
        [replica] = properties["Replicas"]
        table = backend.create_table(
            name=name,
            schema=properties["KeySchema"],
            throughput=None,
            attr=properties["AttributeDefinitions"],
            global_indexes=[],
            indexes=[],
            streams=None,
            billing_mode=properties["BillingMode"],
            sse_specification=None,
            tags=replica.get("Tags", []),
            deletion_protection_enabled=replica.get("DeletionProtectionEnabled", False),
            warm_throughput=None,
        )
        cls.settle(backend, name, properties)
        return name, {"Arn": table.table_arn}, lambda: backend.delete_table(name)

    @staticmethod
    def settle(backend, name, properties):
        backend.update_time_to_live(name, properties["TimeToLiveSpecification"])
        backend.update_continuous_backups(name, properties["Replicas"][0]["PointInTimeRecoverySpecification"])

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        """In place. Another name is another table; another key would be, too, but under the same name there is none."""
        backend, properties = dynamodb_backends[account_id][region_name], cloudformation_json["Properties"]
        name = original_resource.physical_resource_id
        if new_resource_name != name:
            if cloudformation_json.get("UpdateReplacePolicy") != "Retain":
                original_resource.delete()
            return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
        if properties["KeySchema"] != backend.get_table(name).schema:
            raise ValidationError(
                message="CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                f"Rename {name} and update the stack again."
            )
        replica = properties["Replicas"][0]
        backend.update_table(
            name=name,
            attr_definitions=properties["AttributeDefinitions"],
            global_index=[],
            throughput={},
            billing_mode=properties["BillingMode"],
            stream_spec={},
            deletion_protection_enabled=replica.get("DeletionProtectionEnabled", False),
            warm_throughput=None,
        )
        cls.settle(backend, name, properties)
        return original_resource


class FunctionUrl(Resource):
    """The functions behind it are invoked with its events by the tests: nothing listens."""

    TYPE = "AWS::Lambda::Url"

    @classmethod
    def make(cls, name, properties, account, region):
        arn = properties["TargetFunctionArn"]
        function = lambda_backends[account][region].get_function(arn)
        function.create_url_config({"AuthType": properties["AuthType"]})
        url = f"https://{function.function_name}.lambda-url.{region}.on.aws/"
        return arn, {"FunctionUrl": url, "FunctionArn": arn}, function.delete_url_config


class Subscription(Resource):
    TYPE = "AWS::SNS::Subscription"

    @classmethod
    def make(cls, name, properties, account, region):
        backend = sns_backends[account][region]
        subscription = backend.subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"])
        cls.settle(backend, subscription.arn, properties)
        return subscription.arn, {"Arn": subscription.arn}, lambda: backend.unsubscribe(subscription.arn)

    @staticmethod
    def settle(backend, arn, properties):
        for attribute in ("FilterPolicy", "RedrivePolicy", "RawMessageDelivery"):
            if attribute in properties:
                backend.set_subscription_attributes(arn, attribute, json.dumps(properties[attribute]))

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        # A change of its settings interrupts nothing; another topic, protocol or endpoint is another subscription.
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html
        backend, properties = sns_backends[account_id][region_name], cloudformation_json["Properties"]
        known = backend.subscriptions.get(original_resource.physical_resource_id)
        wanted = (properties["TopicArn"], properties["Protocol"], properties["Endpoint"])
        if known is None or (known.topic.arn, known.protocol, known.endpoint) != wanted:
            return super().update_from_cloudformation_json(
                original_resource, new_resource_name, cloudformation_json, account_id, region_name
            )
        cls.settle(backend, known.arn, properties)
        return original_resource


class QueuePolicy(Resource):
    TYPE = "AWS::SQS::QueuePolicy"

    @classmethod
    def make(cls, name, properties, account, region):
        for url in properties["Queues"]:
            policy = {"Policy": json.dumps(properties["PolicyDocument"])}
            sqs_backends[account][region].set_queue_attributes(url.split("/")[-1], policy)
        return name, {}, lambda: None


class TopicPolicy(Resource):
    TYPE = "AWS::SNS::TopicPolicy"

    @classmethod
    def make(cls, name, properties, account, region):
        for topic in properties["Topics"]:
            sns_backends[account][region].set_topic_attribute(topic, "policy", json.dumps(properties["PolicyDocument"]))
        return name, {}, lambda: None


class BucketPolicy(Resource):
    """Of the bootstrap stack."""

    TYPE = "AWS::S3::BucketPolicy"

    @classmethod
    def make(cls, name, properties, account, region):
        backend, bucket = s3_backends[account]["aws"], properties["Bucket"]
        backend.put_bucket_policy(bucket, json.dumps(properties["PolicyDocument"]).encode())
        return name, {}, lambda: backend.delete_bucket_policy(bucket)


class EventInvokeConfig(Resource):
    """Retries of asynchronous events; `delivery.py` never retries."""

    TYPE = "AWS::Lambda::EventInvokeConfig"

    @classmethod
    def make(cls, name, properties, account, region):
        backend, function = lambda_backends[account][region], properties["FunctionName"]
        keys = ("MaximumEventAgeInSeconds", "MaximumRetryAttempts", "DestinationConfig")
        backend.put_function_event_invoke_config(
            function, {key: properties[key] for key in keys if key in properties}
        )
        return name, {}, lambda: backend.delete_function_event_invoke_config(function)


class Schedule(Resource):
    TYPE, NAME = "AWS::Scheduler::Schedule", "Name"

    @classmethod
    def make(cls, name, properties, account, region):
        backend, name = scheduler_backends[account][region], name[:64]
        schedule = backend.create_schedule(
            properties.get("Description"),
            None,
            properties["FlexibleTimeWindow"],
            None,
            None,
            name,
            properties["ScheduleExpression"],
            properties.get("ScheduleExpressionTimezone"),
            None,
            properties["State"],
            properties["Target"],
            None,
        )
        return name, {"Arn": schedule.arn}, lambda: backend.delete_schedule(None, name)


class Alarm(Resource):
    TYPE, NAME = "AWS::CloudWatch::Alarm", "AlarmName"

    @classmethod
    def make(cls, name, properties, account, region):
        backend = cloudwatch_backends[account][region]
        alarm = backend.put_metric_alarm(
            name,
            properties.get("Namespace"),
            properties.get("MetricName"),
            properties["ComparisonOperator"],
            properties["EvaluationPeriods"],
            properties.get("Period"),
            properties["Threshold"],
            properties.get("Statistic"),
            properties["AlarmDescription"],
            properties.get("Dimensions", []),
            properties.get("AlarmActions", []),
            ok_actions=properties.get("OKActions", []),
        )
        return name, {"Arn": alarm.alarm_arn}, lambda: backend.delete_alarms([name])


# The list is cached, and read again on every stack.
parsing.get_model_list().extend(Resource.__subclasses__())
parsing.get_model_map.cache_clear()
parsing.get_name_type_map.cache_clear()

# `Ref` of a bus: moto answers with an error of its own, then says CREATE_COMPLETE with things missing.
EventBus.physical_resource_id = property(lambda bus: bus.name)

MADE_BY_NOBODY = {"AWS::CDK::Metadata", *parsing.NULL_MODELS}
class_of = parsing.resource_class_from_type
create = parsing.parse_and_create_resource


def known_class_of(resource_type):
    found = class_of(resource_type)
    if found is None and resource_type not in MADE_BY_NOBODY:
        raise ValidationError(message=f"no such resource type here: {resource_type}")
    return found


# The beginning of the logical id of resources that cannot be created now; the test sets it.
failing = {"id": None}


def create_or_fail(logical_id, *args, **kwargs):
    if failing["id"] and logical_id.startswith(failing["id"]):
        raise ValidationError(message=f"{logical_id} could not be created: the test wants so")
    try:
        return create(logical_id, *args, **kwargs)
    except ValidationError:
        raise
    except Exception as error:
        traceback.print_exc()
        raise ValidationError(message=f"{logical_id}: {type(error).__name__}: {error}") from error


parsing.resource_class_from_type = known_class_of
parsing.parse_and_create_resource = create_or_fail

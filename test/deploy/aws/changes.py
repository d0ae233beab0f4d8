"""What `cdk deploy` asks of change sets the second time, and moto answers otherwise than AWS."""

from moto.cloudformation import exceptions
from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.parsing import ResourceMap

delete_change_set = CloudFormationBackend.delete_change_set
describe_change_set = CloudFormationBackend.describe_change_set
resolve_update_parameters = CloudFormationBackend._resolve_update_parameters
parse_ssm_parameter = ResourceMap.parse_ssm_parameter


class ChangeSetNotFound(exceptions.ValidationError):
    code = "ChangeSetNotFound"


def delete_if_there(*args, **kwargs):
    try:
        return delete_change_set(*args, **kwargs)
    except UnboundLocalError:
        return None


def describe_or_not_found(*args, change_set_name, **kwargs):
    try:
        return describe_change_set(*args, change_set_name=change_set_name, **kwargs)
    except exceptions.ValidationError as error:
        raise ChangeSetNotFound(message=f"ChangeSet [{change_set_name}] does not exist") from error


def previous_or_default(*args, **kwargs):
    try:
        return resolve_update_parameters(*args, **kwargs)
    except KeyError:  # UsePreviousValue of a parameter that was left at its default
        return {}


def parse_unless_parsed(self, value, value_type):
    # An update hands over what the parameter of the bootstrap's version was resolved to.
    return parse_ssm_parameter(self, value, value_type) if value.startswith("/") else value


CloudFormationBackend.delete_change_set = delete_if_there
CloudFormationBackend.describe_change_set = describe_or_not_found
CloudFormationBackend._resolve_update_parameters = staticmethod(previous_or_default)
ResourceMap.parse_ssm_parameter = parse_unless_parsed

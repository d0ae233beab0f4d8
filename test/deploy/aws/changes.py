"""Change sets as `cdk deploy` finds them on AWS: named within their stack, and gone once they were deleted."""

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.parsing import OutputMap, ResourceMap
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.events.models import Rule

resolve_update_parameters = CloudFormationBackend._resolve_update_parameters
parse_ssm_parameter = ResourceMap.parse_ssm_parameter
update = ResourceMap.update
delete_stack = CloudFormationBackend.delete_stack


class ChangeSetNotFound(ValidationError):
    code = "ChangeSetNotFound"


def arn_of(response):
    """moto looks for the name alone, and takes the change set of another stack."""
    name, stack = response._get_param("ChangeSetName"), response._get_param("StackName")
    for arn, change_set in response.cloudformation_backend.change_sets.items():
        if name == arn or (name == change_set.change_set_name and stack in (change_set.stack_name, change_set.stack_id)):
            return arn
    return None


def describe_change_set(self):
    arn = arn_of(self)
    if arn is None:
        raise ChangeSetNotFound(message=f"ChangeSet [{self._get_param('ChangeSetName')}] does not exist")
    return ActionResult(self.cloudformation_backend.change_sets[arn])


def delete_change_set(self):
    self.cloudformation_backend.change_sets.pop(arn_of(self), None)
    return EmptyResult()


def execute_change_set(self):
    arn = arn_of(self)
    change_set = self.cloudformation_backend.change_sets[arn]
    stack = change_set.stack
    try:
        self.cloudformation_backend.execute_change_set(change_set_name=arn, stack_name=None)
    except Exception:
        stack.status = "UPDATE_ROLLBACK_COMPLETE"
        raise
    # moto leaves the outputs as they were before it.
    stack.output_map = OutputMap(stack.resource_map, change_set.template_dict, stack.stack_id)
    return EmptyResult()


def previous_or_default(*args, **kwargs):
    try:
        return resolve_update_parameters(*args, **kwargs)
    except KeyError:  # UsePreviousValue of a parameter that was left at its default
        return {}


def parse_unless_parsed(self, value, value_type):
    # An update hands over what the parameter of the bootstrap's version was resolved to.
    return parse_ssm_parameter(self, value, value_type) if value.startswith("/") else value


def update_and_forget(self, template, parameters=None):
    # moto keeps what an update removed, and does not make it again when a later update adds it.
    removed = list(self.build_resource_diff(template, parameters)["Remove"])
    try:
        update(self, template, parameters)
    finally:
        for name in removed:
            self._parsed_resources.pop(name, None)


def update_or_roll_back(self, template, parameters=None):
    # moto leaves an update that failed where it is.
    former, former_parameters = self._template, dict(self.input_parameters)
    try:
        update_and_forget(self, template, parameters)
    except Exception:
        update_and_forget(self, former, former_parameters)
        raise


def delete_with_change_sets(self, name_or_stack_id):
    # moto keeps the change sets of a deleted stack, and finds them by the name of its successor.
    for arn, change_set in list(self.change_sets.items()):
        if name_or_stack_id in (change_set.stack_name, change_set.stack_id):
            del self.change_sets[arn]
    return delete_stack(self, name_or_stack_id)


def update_in_place(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    # moto gives a changed rule another name, and so another ARN, which the permissions of its targets do not name.
    name = original_resource.name
    original_resource.delete(account_id, region_name)
    return cls.create_from_cloudformation_json(name, cloudformation_json, account_id, region_name)


CloudFormationResponse.describe_change_set = describe_change_set
CloudFormationResponse.delete_change_set = delete_change_set
CloudFormationResponse.execute_change_set = execute_change_set
CloudFormationBackend._resolve_update_parameters = previous_or_default
ResourceMap.parse_ssm_parameter = parse_unless_parsed
ResourceMap.update = update_or_roll_back
Rule.update_from_cloudformation_json = classmethod(update_in_place)
CloudFormationBackend.delete_stack = delete_with_change_sets

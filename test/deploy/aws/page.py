"""Resources of CloudFront: moto's stacks know none. What a template asks for is kept; the test serves readers by it."""

from moto.cloudformation import parsing
from moto.moto_api._internal import mock_random

from .policies import ACCOUNT
from .resources import Resource

# By type and logical id.
made = {}


def arn(kind, name):
    return f"arn:aws:cloudfront::{ACCOUNT}:{kind}/{name}"


class Kept(Resource):
    """`identify` returns the physical id and the attributes of what has this random name."""

    @classmethod
    def make(cls, name, properties, account, region):
        physical, attributes = cls.identify(mock_random.get_random_hex(14).upper(), properties)
        made[physical] = {"type": cls.TYPE, "properties": properties}
        return physical, attributes, lambda: made.pop(physical, None)


class Distribution(Kept):
    TYPE = "AWS::CloudFront::Distribution"

    @staticmethod
    def identify(name, properties):
        return name, {"Id": name, "DomainName": f"{name.lower()}.cloudfront.net"}


class ReaderFunction(Kept):
    TYPE = "AWS::CloudFront::Function"

    @staticmethod
    def identify(name, properties):
        own = arn("function", properties["Name"])
        return own, {"FunctionARN": own}


class KeyValueStore(Kept):
    TYPE = "AWS::CloudFront::KeyValueStore"

    @staticmethod
    def identify(name, properties):
        return properties["Name"], {"Id": name, "Arn": arn("key-value-store", name), "Status": "READY"}


class OriginAccessControl(Kept):
    TYPE = "AWS::CloudFront::OriginAccessControl"

    @staticmethod
    def identify(name, properties):
        return name, {"Id": name}


class ResponseHeadersPolicy(Kept):
    TYPE = "AWS::CloudFront::ResponseHeadersPolicy"

    @staticmethod
    def identify(name, properties):
        return name, {"Id": name}


parsing.get_model_list().extend(Kept.__subclasses__())
parsing.get_model_map.cache_clear()
parsing.get_name_type_map.cache_clear()
